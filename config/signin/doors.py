"""The two doors: /sign-in/ for everybody with an account, /admin/login/ for those who work here. Both ask for the
password, and then, of who has a second step, for a code (config/signin/code.py)."""

from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from config.signin import code, second, throttle


class Door(LoginView):
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if seconds := throttle.of_sign_in(request, request.POST.get("username", "")):
            return throttle.refused(request, seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        """The password was right."""
        user, to = form.get_user(), self.get_success_url()
        throttle.passed(self.request, user.username)
        if second.has_one(user):
            return code.ask(self.request, user, to)
        login(self.request, user)
        return HttpResponseRedirect(to)


class SignIn(Door):
    template_name = "sign_in.html"

    def form_invalid(self, form) -> HttpResponse:
        del form.fields["username"].widget.attrs["autofocus"]  # what was wrong is to be read first
        return super().form_invalid(form)

    def get_context_data(self, **kwargs) -> dict:
        # Django's view puts a name of its own in the place of the site's settings.
        return super().get_context_data(**kwargs) | {"site": self.request.site}
