"""Addresses of the person's own pages."""

from django.urls import path

from diary.desks.settings.views import contacts, factors, index, lost_phone, password, security, sessions

app_name = "settings"
urlpatterns = [
    path("settings/", index.index, name="index"),
    path("settings/services/", index.services, name="services"),
    path("settings/contacts/", contacts.contacts, name="contacts"),
    path("settings/contacts/right/", contacts.all_right, name="contacts_right"),
    path("settings/contacts/phone/", contacts.phone, name="phone"),
    path("settings/contacts/email/", contacts.email, name="email"),
    path("settings/contacts/email/remove/", contacts.forget_email, name="email_remove"),
    path("settings/contacts/address/", contacts.address, name="address"),
    path("security/", security.security, name="security"),
    path("security/sign-ins/", security.sign_ins, name="sign_ins"),
    path("security/new-devices/seen/", security.devices_seen, name="devices_seen"),
    path("security/password/", password.password, name="password"),
    path("security/factors/<uuid:own_factor_id>/rename/", factors.rename, name="factor_rename"),
    path("security/factors/<uuid:own_factor_id>/remove/", factors.remove, name="factor_remove"),
    path("security/sessions/end-others/", sessions.end_others, name="sessions_end_others"),
    path("security/sessions/<uuid:session_handle>/end/", sessions.end, name="session_end"),
    path("security/lost-phone/", lost_phone.lost_phone, name="lost_phone"),
]
