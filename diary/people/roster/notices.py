"""What families are told when who sees a child's diary, or from which device, changes (A15, A16)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from diary.foundation.post.jobs import send_later
from diary.people.accounts.jobs import tell_owner
from diary.people.accounts.models import User
from diary.people.roster.models import Guardian, GuardianRequest, Student


def tell_guardian(user: User, subject: str, text: str) -> None:
    """By e-mail; to whoever has confirmed none, by SMS: that somebody else sees the child must not go unheard."""
    if user.email and user.email_confirmed_at is not None:
        tell_owner(user, subject, text)
    elif user.phone and user.phone_confirmed_at is not None:
        send_later("sms", user.phone, text, subject=subject)


def tell_family(student: Student, subject: str, text: str, *, but: int | None) -> None:
    """All guardians who see the diary, but not the one whom it is about."""
    links = Guardian.objects.filter(school_id=student.school_id, student_id=student.id).in_force()
    for link in links.select_related("user").order_by("id"):
        if link.user_id != but:
            tell_guardian(link.user, subject, text)


def told_linked(link: Guardian) -> None:
    """A guardian has come: to them, and to the others."""
    words = {"child": link.student.short_name, "who": link.user.full_name}
    tell_guardian(
        link.user,
        _("Ребёнок добавлен"),
        _("Дневник открыт: %(child)s. Оценки, расписание и уведомления уже на своих страницах.") % words,
    )
    text = _("Дневник (%(child)s) теперь видит и %(who)s. Если это ошибка, напишите в школу.") % words
    tell_family(link.student, _("Новый представитель"), text, but=link.user_id)


def told_refused(request: GuardianRequest) -> None:
    """The school has said no."""
    words = {"child": request.student.short_name, "reason": request.reason}
    text = _("Школа не подтвердила заявку (%(child)s). Причина: %(reason)s") % words
    tell_guardian(request.user, _("Заявка не подтверждена"), text)


def told_changed(link: Guardian) -> None:
    """Rights or the last day have changed: to them, and to the others."""
    words = {"child": link.student.short_name, "who": link.user.full_name, "reason": link.reason}
    own = _("Школа изменила ваш доступ к дневнику (%(child)s). Причина: %(reason)s") % words
    tell_guardian(link.user, _("Доступ к дневнику изменён"), own)
    text = _(
        "Школа изменила доступ к дневнику (%(child)s): %(who)s. Кто что видит, написано на странице «Семейные"
        " пользователи»."
    )
    tell_family(link.student, _("Доступ к дневнику изменён"), text % words, but=link.user_id)


def told_ended(link: Guardian) -> None:
    """The link is over: to them, and to the others."""
    words = {"child": link.student.short_name, "who": link.user.full_name, "reason": link.reason}
    own = _("Школа закрыла вам доступ к дневнику (%(child)s). Причина: %(reason)s") % words
    tell_guardian(link.user, _("Доступ к дневнику закрыт"), own)
    text = _("Дневник (%(child)s) больше не видит %(who)s.") % words
    tell_family(link.student, _("Доступ к дневнику закрыт"), text, but=link.user_id)


def told_bound(student: Student, device: str, issuer: User) -> None:
    """The child has a device of their own now."""
    words = {"child": student.first_name, "device": device or _("неизвестное устройство"), "who": issuer.short_name}
    text = _("%(child)s входит в дневник со своего устройства: %(device)s. QR-код выдан: %(who)s.") % words
    tell_family(student, _("Новое устройство ребёнка"), text, but=None)


def told_locked_out(parent: User, child: User, device: str) -> None:
    """Five wrong PINs: the device signs nobody in any more."""
    words = {"child": child.first_name, "device": device or _("неизвестное устройство")}
    text = _(
        "Устройство отключено от дневника (%(child)s, %(device)s): PIN пять раз подряд введён неверно."
        " Чтобы включить его, покажите новый QR-код на странице «Семейные пользователи»."
    )
    tell_guardian(parent, _("Устройство ребёнка отключено"), text % words)
