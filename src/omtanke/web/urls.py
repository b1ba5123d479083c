"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path

from omtanke.web.accounts import views as door
from omtanke.web.console import answers, customers, health, promise, promises, today

urlpatterns = [
    path("", today.today, name="today"),
    path("promises/", promises.promises, name="promises"),
    path("promises/figures/<slug:name>.<slug:form>", promises.figure, name="figure"),
    path("promises/<int:number>/", promise.promise, name="promise"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:person>/", customers.customer, name="customer"),
    path("answers/", answers.answers, name="answers"),
    path("health/", health.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
    path("sign-in/", door.sign_in, name="sign_in"),
    path("sign-out/", door.sign_out, name="sign_out"),
    path("start/<str:token>", door.start, name="start"),
    path("language/", door.language, name="language"),
]

handler400 = "omtanke.web.refusals.wrong_call"
handler403 = "omtanke.web.refusals.not_allowed"
handler404 = "omtanke.web.refusals.not_found"
handler500 = "omtanke.web.refusals.failed"
