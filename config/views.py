from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown in place of Django's bare page: says what to do, and keeps the words that were sent."""
    kept = [
        (name, value)
        for name, value in request.POST.items()
        if value.strip() and "token" not in name and "password" not in name
    ]
    return render(request, "403_csrf.html", {"kept": kept}, status=403)
