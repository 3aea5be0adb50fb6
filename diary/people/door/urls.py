"""Addresses of the door."""

from django.urls import path

from diary.people.door.views import confirm, factors, proofs, recovery, sign_in, sign_up, support

app_name = "door"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/factor/", sign_in.sign_in_factor, name="sign_in_factor"),
    path("sign-in/phone/", sign_in.sign_in_phone, name="sign_in_phone"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("welcome/", sign_up.welcome, name="welcome"),
    path("recovery/", recovery.recovery, name="recovery"),
    path("recovery/code/", recovery.recovery_code, name="recovery_code"),
    path("recovery/password/", recovery.recovery_password, name="recovery_password"),
    path("confirm/", confirm.confirm, name="confirm"),
    path("confirm/passkey/", proofs.passkey_challenge, name="passkey_challenge"),
    path("factors/message/", factors.add_message, name="add_message"),
    path("factors/app/", factors.new_app, name="new_app"),
    path("factors/app/<uuid:factor_id>/", factors.app, name="app"),
    path("factors/app/<uuid:factor_id>/qr.svg", factors.app_qr, name="app_qr"),
    path("factors/passkey/", factors.passkey, name="passkey"),
    path("factors/passkey/options/", factors.passkey_options, name="passkey_options"),
    path("factors/paper/", factors.paper_codes, name="paper_codes"),
    path("support/accounts/", support.support_desk, name="support"),
    path("support/accounts/<str:number>/", support.support_account, name="support_account"),
]
