"""Mail is composed from three templates and handed to a real SMTP server, which here keeps what it gets."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from flask import Flask
from jinja2 import UndefinedError

from saas import mail
from saas.mail import MailFailed, MailServer

INVITATION = {
    "inviter": "Ann Reed <script>",
    "role": "Council lead",
    "scope_name": "Thornbeck & Vale District Council",
    "link": "https://charter.example.org/invitations/abc?x=1&y=2",
    "expires": "4 May 2017 at 2:30pm",
}


@dataclass
class Sink:
    """Keeps every message; answers what `reply` says when a recipient is named."""

    reply: str = "250 OK"
    kept: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802
        _server, _session, envelope, address, _options = given
        envelope.rcpt_tos.append(address)
        return self.reply

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802
        self.kept.append(given[2])
        return "250 OK"

    def message(self) -> EmailMessage:
        """The one message that was kept."""
        (envelope,) = self.kept
        assert isinstance(envelope.content, bytes)
        return email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[return-value]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def signs_in(server: object, session: object, envelope: object, mechanism: str, given: object) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (b"charter", b"p@ss word")
    return AuthResult(success=known, handled=False)


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """A mail server and its port."""
    handler = Sink()
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), authenticator=signs_in, auth_require_tls=False
    )
    controller.start()
    yield handler, controller.port
    controller.stop()


MakeApp = Callable[..., Flask]


def with_mail(bare_app: MakeApp, url: str) -> None:
    mail.install(bare_app(mail_url=url, base_url="https://charter.example.org"))


def test_an_invitation_arrives_whole(bare_app: MakeApp, sink: tuple[Sink, int]) -> None:
    handler, port = sink
    with_mail(bare_app, f"smtp://127.0.0.1:{port}?from=charter@example.org")
    mail.send(mail.compose("invitation", to="zoe@example.com", context=INVITATION, key="invitation-1"))
    message = handler.message()
    assert {name: message[name] for name in ("To", "From", "Subject", "Message-ID", "Auto-Submitted")} == {
        "To": "zoe@example.com",
        "From": "Charterway <charter@example.org>",
        "Subject": "You have been given access to Thornbeck & Vale District Council",
        "Message-ID": mail.message_id("invitation-1", "example.org"),
        "Auto-Submitted": "auto-generated",
    }
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == [
        "Hello,",
        "",
        "Ann Reed <script> has given you access to Thornbeck & Vale District Council on Charterway.",
        "Your role there: Council lead.",
        "",
        "To accept and choose how you sign in, open this link:",
        "https://charter.example.org/invitations/abc?x=1&y=2",
        "",
        "The link is for you alone. It works once, until 4 May 2017 at 2:30pm.",
        "",
        "If it has expired, ask Ann Reed <script> to invite you again.",
        "If you did not expect this message, do nothing: without the link nobody gets access.",
    ]
    assert "Ann Reed &lt;script&gt; has given you access" in html.get_content()
    assert 'href="https://charter.example.org/invitations/abc?x=1&amp;y=2"' in html.get_content()


def test_the_console_prints_the_text(bare_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    with_mail(bare_app, "console:")
    link = "https://charter.example.org/password/abc"
    mail.check()
    mail.send(
        mail.compose("password_reset", to="ann@example.com", context={"link": link, "expires": "2:30pm"}, key="k")
    )
    printed = capsys.readouterr().out
    assert printed.startswith(
        "To: ann@example.com\nSubject: Choose a new password for Charterway\n"
        f"Message-ID: {mail.message_id('k', 'charter.example.org')}\n\nHello,\n"
    )
    assert f"\n{link}\n" in printed


def test_the_same_occasion_has_the_same_id_and_another_has_another(bare_app: MakeApp) -> None:
    with_mail(bare_app, "console:")

    def id_of(key: str | None) -> str:
        return str(mail.compose("invitation", to="ann@example.com", context=INVITATION, key=key)["Message-ID"])

    assert id_of("a") == id_of("a") != id_of("b")
    assert id_of(None) != id_of(None)


def test_what_a_person_typed_cannot_begin_a_header(bare_app: MakeApp) -> None:
    with_mail(bare_app, "console:")
    name = "Vale\r\nBcc: everybody@example.com"
    message = mail.compose("invitation", to="ann@example.com", context=INVITATION | {"scope_name": name})
    assert message["Subject"] == "You have been given access to Vale Bcc: everybody@example.com"
    assert message["Bcc"] is None
    assert b"\r\nBcc" not in message.as_bytes().partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@example.com\nBcc: b@example.com", "ann@example.com, b@example.com"]
)
def test_an_address_that_is_not_one_address_fails_for_good(bare_app: MakeApp, address: str) -> None:
    with_mail(bare_app, "console:")
    with pytest.raises(MailFailed, match="cannot receive mail") as failure:
        mail.compose("invitation", to=address, context=INVITATION)
    assert failure.value.permanent


def test_a_forgotten_name_in_the_context_is_not_sent_as_a_gap(bare_app: MakeApp) -> None:
    with_mail(bare_app, "console:")
    with pytest.raises(UndefinedError, match="'expires' is undefined"):
        mail.compose(
            "invitation",
            to="ann@example.com",
            context={k: v for k, v in INVITATION.items() if k != "expires"},
        )


@pytest.mark.parametrize(("reply", "permanent"), [("550 no such person", True), ("451 try later", False)])
def test_a_refused_recipient_says_whether_to_try_again(
    bare_app: MakeApp, sink: tuple[Sink, int], reply: str, permanent: bool
) -> None:
    handler, port = sink
    handler.reply = reply
    with_mail(bare_app, f"smtp://127.0.0.1:{port}")
    with pytest.raises(MailFailed) as failure:
        mail.send(mail.compose("invitation", to="ann@example.com", context=INVITATION))
    assert str(failure.value) == f"the mail server 127.0.0.1:{port} refused the recipient"
    assert failure.value.permanent is permanent
    assert handler.kept == []


def test_what_would_fail_again_the_same_way_is_told_and_only_logged(
    bare_app: MakeApp, sink: tuple[Sink, int], caplog: pytest.LogCaptureFixture
) -> None:
    handler, port = sink
    with_mail(bare_app, f"smtp://127.0.0.1:{port}")
    outcomes = [mail.deliver("invitation", to="ann@example.com", context=INVITATION)]
    handler.reply = "550 no such person"
    outcomes.append(mail.deliver("invitation", to="ann@example.com", context=INVITATION))
    handler.reply = "451 try later"
    with pytest.raises(MailFailed, match="refused the recipient"):
        mail.deliver("invitation", to="ann@example.com", context=INVITATION)
    assert (outcomes, len(handler.kept)) == ([True, False], 1)
    refusal = f"the mail invitation could not be sent: the mail server 127.0.0.1:{port} refused the recipient"
    assert caplog.messages == [refusal]


def test_signing_in_needs_encryption_unless_the_settings_say_never(bare_app: MakeApp, sink: tuple[Sink, int]) -> None:
    handler, port = sink
    with_mail(bare_app, f"smtp://charter:p%40ss%20word@127.0.0.1:{port}")
    with pytest.raises(MailFailed, match="does not offer encryption"):
        mail.check()
    with_mail(bare_app, f"smtp://charter:p%40ss%20word@127.0.0.1:{port}?starttls=never")
    mail.check()
    mail.send(mail.compose("invitation", to="ann@example.com", context=INVITATION))
    assert [envelope.rcpt_tos for envelope in handler.kept] == [["ann@example.com"]]


def test_a_wrong_password_is_not_repeated_in_the_failure(bare_app: MakeApp, sink: tuple[Sink, int]) -> None:
    with_mail(bare_app, f"smtp://charter:wrong@127.0.0.1:{sink[1]}?starttls=never")
    with pytest.raises(MailFailed) as failure:
        mail.check()
    assert str(failure.value) == f"the mail server 127.0.0.1:{sink[1]} refused our sign-in (535)"


def test_a_server_that_is_away_is_named(bare_app: MakeApp) -> None:
    port = free_port()
    with_mail(bare_app, f"smtp://127.0.0.1:{port}")
    with pytest.raises(MailFailed, match=f"the mail server 127.0.0.1:{port} does not answer"):
        mail.check()


@pytest.mark.parametrize("url", ["http://host", "smtp://", "smtp://host?starttls=maybe"])
def test_a_mail_address_that_cannot_be_used_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        MailServer.at(url, "http://localhost")
