"""The commenter's own page, which only its address opens: what became of the comment, and what its writer may do.

One address for each thing to do; each leads back to the page, which says what was done (`?done=`).
"""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog import sanitize
from blog.digits import digits
from blog.fields import WordsField
from blog.private import private
from comments import addresses, moderation, policy, proof, proving, ratelimit, tokens
from comments.links import Purpose
from comments.models import Comment, Commenter, Subscription
from comments.models.comment import MAX_LENGTH

DONE = {
    "changed": gettext_lazy("Your words are changed."),
    "waits": gettext_lazy("Your words are changed, and a moderator will look at them before they appear."),
    "same": gettext_lazy("The words are the same as before."),
    "withdrawn": gettext_lazy("Your comment is withdrawn."),
    "appealed": gettext_lazy("A moderator will look at your comment again."),
    "mailed": gettext_lazy("A link is on its way to you. Follow it within two days."),
    "saved": gettext_lazy("Saved."),
    "proved": gettext_lazy("Thank you: your address is proved."),
    "mine": gettext_lazy("A link to everything you wrote here is on its way to you. It is good for a day."),
    "forgotten": gettext_lazy("No browser keeps the proof of your address any more."),
}
APPEAL_LENGTH = 1_000
REWRITES = ((10, 600),)  # (how many, in how many seconds) for one comment


class RewriteForm(forms.Form):
    text = WordsField(
        label=gettext_lazy("Comment"),
        max_length=MAX_LENGTH,
        rows=9,
        error_messages={"required": gettext_lazy("Write your comment here.")},
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if not sanitize.plain_text(sanitize.clean_comment(text)).strip():
            raise forms.ValidationError(_("There are no words in this comment yet."))
        return text


class AppealForm(forms.Form):
    words = WordsField(label=gettext_lazy("Why should it be shown?"), max_length=APPEAL_LENGTH, rows=4, required=False)


class MailForm(forms.Form):
    decision = forms.BooleanField(label=gettext_lazy("when a moderator has decided on it"), required=False)
    replies = forms.BooleanField(label=gettext_lazy("when somebody writes in this thread"), required=False)


@private
def status(request: HttpRequest, capability: str) -> HttpResponse:
    return _page(request, _comment(capability), capability)


@private
def edit(request: HttpRequest, capability: str) -> HttpResponse:
    comment = _comment(capability)
    until = moderation.editable_until(comment)
    sent = request.POST if request.method == "POST" else None
    form = RewriteForm(sent, initial={"text": comment.body}, auto_id="comment-%s")
    if until is None or timezone.now() > until:
        return _edit_page(request, comment, capability, form, status=409, is_late=True)
    if request.method != "POST":
        return _edit_page(request, comment, capability, form, until=until)
    if seconds := ratelimit.wait(f"rewrite:{comment.pk}", REWRITES):
        problem = ngettext(
            "That is a lot of changes. Wait %(seconds)d second and send it again.",
            "That is a lot of changes. Wait %(seconds)d seconds and send it again.",
            seconds,
        )
        problem = digits(problem % {"seconds": seconds})
        response = _edit_page(request, comment, capability, form, until=until, problem=problem, status=429)
        response["Retry-After"] = str(seconds)
        return response
    if not form.is_valid():
        return _edit_page(request, comment, capability, form, until=until, status=422)
    try:
        is_changed = moderation.rewrite(comment, form.cleaned_data["text"], _facts(request))
    except moderation.TooLate:
        return _edit_page(request, comment, capability, form, status=409, is_late=True)
    except moderation.Refused:
        problem = _("This site does not take a comment like this one. You may change its words and links.")
        return _edit_page(request, comment, capability, form, until=until, problem=problem, status=422)
    is_shown = Comment.objects.filter(pk=comment.pk, status=Comment.Status.APPROVED).exists()
    waits = comment.status == Comment.Status.APPROVED and not is_shown
    return _back(capability, "waits" if waits else "changed" if is_changed else "same")


@private
def withdraw(request: HttpRequest, capability: str) -> HttpResponse:
    """GET asks, POST does it: there is no way back."""
    comment = _comment(capability)
    if request.method != "POST":
        return render(request, "comments/withdraw.html", _shown(comment, capability))
    moderation.withdraw(comment)
    return _back(capability, "withdrawn")


@private
def appeal(request: HttpRequest, capability: str) -> HttpResponse:
    comment = _comment(capability)
    if request.method != "POST":
        return _back(capability)
    form = AppealForm(request.POST, auto_id="appeal-%s")
    if not form.is_valid():
        return _page(request, comment, capability, appeal=form, status=422)
    if not moderation.appeal(comment, form.cleaned_data["words"].strip()):
        problem = _("Nothing was sent: you can ask once, and only after a moderator has decided against a comment.")
        return _page(request, comment, capability, problem=problem, kept=form.cleaned_data["words"], status=409)
    return _back(capability, "appealed")


@private
def mail(request: HttpRequest, capability: str) -> HttpResponse:
    """What the writer wants to be mailed. To an address that is not proved goes a link that proves it, and no more."""
    comment = _comment(capability)
    if request.method != "POST":
        return _back(capability)
    form = MailForm(request.POST)
    form.is_valid()
    wanted = {name for name, value in form.cleaned_data.items() if value}
    commenter = Commenter.of(comment)
    if comment.withdrawn_at or not (comment.author_email or (commenter and commenter.address)):
        return _page(request, comment, capability, problem=_("There is no address to mail to."), status=409)
    if commenter:
        proving.keep_wishes(comment, commenter, wanted)
        return _back(capability, "saved")
    if minutes := proving.minutes_to_wait(request, comment.author_email, Purpose.PROVE):
        return _too_soon(request, comment, capability, minutes)
    proving.owe_link(comment, wanted)
    return _back(capability, "mailed")


@private
def mine(request: HttpRequest, capability: str) -> HttpResponse:
    """Mails a link to all that the writer has here: this page's own address proves nothing about the others."""
    comment = _comment(capability)
    if request.method != "POST":
        return _back(capability)
    commenter = Commenter.of(comment)
    if commenter is None or not commenter.address:
        return _page(request, comment, capability, problem=_("There is no proved address to mail to."), status=409)
    if minutes := proving.minutes_to_wait(request, commenter.address, Purpose.MINE):
        return _too_soon(request, comment, capability, minutes)
    proving.owe_mine(commenter)
    return _back(capability, "mine")


@private
def forget(request: HttpRequest, capability: str) -> HttpResponse:
    """Ends the proof that browsers keep, this one's and all others'."""
    comment = _comment(capability)
    if request.method != "POST":
        return _back(capability)
    if comment.commenter:
        comment.commenter.end_browsers()
    response = _back(capability, "forgotten")
    proof.forget(response)
    return response


def _comment(capability: str) -> Comment:
    comments = Comment.objects.select_related("post", "user", "commenter")
    comment = comments.filter(capability_hash=tokens.capability_hash(capability[:64])).first()
    if comment is None:
        raise Http404(_("There is no such comment. It may have been deleted since, or the address is not whole."))
    return comment


def _facts(request: HttpRequest) -> policy.Facts:
    """Of who changes a comment now."""
    address = addresses.client_address(request)
    return policy.Facts(
        request.user,
        network_digest=addresses.digest(addresses.network_of(address)),
        address=address,
        browser=request.headers.get("User-Agent", "")[: policy.BROWSER],
    )


def _too_soon(request: HttpRequest, comment: Comment, capability: str, minutes: int) -> HttpResponse:
    said = ngettext(
        "Too many links were asked for. Look for one among your mail, or try again in %(minutes)d minute.",
        "Too many links were asked for. Look for one among your mail, or try again in %(minutes)d minutes.",
        minutes,
    )
    response = _page(request, comment, capability, problem=digits(said % {"minutes": minutes}), status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def _back(capability: str, done: str = "") -> HttpResponse:
    query = f"?done={done}" if done else ""
    return HttpResponseRedirect(reverse("comment_status", args=[capability]) + query, status=303)


def _shown(comment: Comment, capability: str) -> dict:
    return {"comment": comment, "post": comment.post, "capability": capability}


def _page(
    request: HttpRequest,
    comment: Comment,
    capability: str,
    *,
    problem: str = "",
    appeal: AppealForm | None = None,
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    # What a rule alone took for spam waits like all the others: who is taken for a spammer learns nothing from it.
    waits = comment.status == Comment.Status.PENDING or not moderation.is_decided(comment.pk)
    until = moderation.editable_until(comment)
    commenter = Commenter.of(comment)
    is_kept = commenter is not None and commenter.is_kept
    follows = is_kept and Subscription.objects.filter(commenter=commenter, thread=comment.root_id).exists()
    context = _shown(comment, capability) | {
        "waits": waits and comment.status != Comment.Status.APPROVED and not comment.withdrawn_at,
        "until": until if until and timezone.now() <= until else None,
        "may_appeal": moderation.may_appeal(comment),
        "appeal": appeal or AppealForm(auto_id="appeal-%s"),
        "mail": MailForm(initial={"decision": comment.mail_wanted, "replies": follows}, auto_id="mail-%s"),
        "mail_to": commenter.address if commenter else comment.author_email,
        "is_proved": commenter is not None,
        "keeps_browsers": bool(comment.commenter),
        "done": DONE.get(request.GET.get("done", "")),
        "problem": problem,
        "kept": kept,
    }
    return render(request, "comments/status.html", context, status=status)


def _edit_page(
    request: HttpRequest,
    comment: Comment,
    capability: str,
    form: RewriteForm,
    *,
    until=None,
    problem: str = "",
    is_late: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "until": until, "problem": problem, "is_late": is_late}
    return render(request, "comments/edit.html", _shown(comment, capability) | context, status=status)
