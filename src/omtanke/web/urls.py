"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from omtanke.vocabulary.fields import LARGEST_OWN
from omtanke.web.accounts import colleagues, own
from omtanke.web.accounts import views as door
from omtanke.web.console import (
    answers,
    customers,
    debugger,
    deliveries,
    erasing,
    experience,
    health,
    identities,
    letters,
    message,
    messages,
    month,
    own_link,
    play,
    plays,
    promise,
    promises,
    receivers,
    senders,
    suggestions,
    today,
    tour,
    windows,
)
from omtanke.web.console.acting import views as acting
from omtanke.web.console.capacity import views as capacity
from omtanke.web.console.rights import acting as rights_acting
from omtanke.web.console.rights import views as rights
from omtanke.web.mypage import resuming, stopping
from omtanke.web.mypage import views as mypage
from omtanke.web.survey import views as survey
from omtanke.web.watched import watched


class Number(IntConverter):
    """A number of ours, as a database can hold it; a larger one is the address of no page."""

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number >= LARGEST_OWN:
            raise ValueError(value)
        return number


register_converter(Number, "number")
urlpatterns = [
    path("", today.today, name="today"),
    path("promises/", promises.promises, name="promises"),
    path("promises/figures/<slug:name>.<slug:form>", promises.figure, name="figure"),
    path("promises/windows/", windows.windows, name="windows"),
    path("promises/windows/curves.<slug:form>", windows.windows_picture, name="windows_picture"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("promises/<number:number>/", promise.promise, name="promise"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<number:person>/", customers.customer, name="customer"),
    path("act/<slug:deed>/<number:number>/", acting.act, name="act"),
    path("experience/", experience.experience, name="experience"),
    path("experience/measure.<slug:form>", experience.measure, name="measure"),
    path("answers/", answers.answers, name="answers"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<number:customer>/<number:number>/", message.message, name="message"),
    path("plays/", plays.plays, name="plays"),
    path("plays/<slug:name>/", play.play, name="play"),
    path("tour/", tour.tour, name="tour"),
    path("health/", health.health, name="health"),
    path("receivers/", receivers.receivers, name="receivers"),
    path("receivers/new/", receivers.new_receiver, name="new_receiver"),
    path("receivers/<number:number>/", receivers.receiver, name="receiver"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<number:number>/", deliveries.delivery, name="delivery"),
    path("senders/", senders.senders, name="senders"),
    path("debugger/event/", debugger.event, name="event"),
    path("debugger/<slug:key_id>/", debugger.debugger, name="debugger"),
    path("letters/", letters.letters, name="letters"),
    path("healthz", watched, name="healthz"),
    path("healthz/live", watched, name="live"),
    path("metrics", watched, name="metrics"),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-in/code/", door.code, name="sign_in_code"),
    path("sign-in/elsewhere/", door.elsewhere, name="sign_in_elsewhere"),
    path("sign-in/elsewhere/back/", door.back_from_elsewhere, name="back_from_elsewhere"),
    path("sign-in/forgot/", door.forgot, name="forgot"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("start/<str:token>", door.start, name="start"),
    path("customers/<number:person>/erase/", erasing.erase, name="erase"),
    path("s/<str:token>", survey.survey, name="survey"),
    path("me/<str:token>", mypage.my_page, name="my_page"),
    path("stop/<str:token>", stopping.stop, name="stop"),
    path("r/<str:token>", resuming.resume, name="resume"),
    path("language/", door.language, name="language"),
    path("account/", own.account, name="account"),
    path("account/code/", own.turn_on, name="turn_codes_on"),
    path("account/code.svg", own.secret_picture, name="secret_picture"),
    path("staff/", colleagues.staff, name="staff"),
    path("staff/invite/", colleagues.invite, name="invite"),
    path("staff/<number:number>/", colleagues.colleague, name="colleague"),
    path("customers/<number:person>/own-page/", own_link.own_link, name="own_link"),
    path("customers/<number:person>/month/", month.month, name="month"),
    path("customers/<number:person>/identities/", identities.identities, name="identities"),
    path("customers/<number:person>/split/<number:one>/<number:two>/", identities.split, name="split"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("rights/", rights.rights, name="rights"),
    path("rights/customers/<number:person>/", rights.rights_of, name="rights_of"),
    path("rights/customers/<number:person>/export/", rights.export, name="export"),
    path("rights/files/<slug:name>.zip", rights.export_file, name="export_file"),
    path("rights/<slug:deed>/<number:number>/", rights_acting.rights_act, name="rights_act"),
]

handler400 = "omtanke.web.refusals.wrong_call"
handler403 = "omtanke.web.refusals.not_allowed"
handler404 = "omtanke.web.refusals.not_found"
handler500 = "omtanke.web.refusals.failed"
