"""Mail: a message is composed from its templates and handed to the mail server the settings name."""

from __future__ import annotations

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from jinja2 import Environment, StrictUndefined, select_autoescape

from saas.config import Config

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 20
SENDER_NAME = "Charterway"
DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_unsent: ContextVar[bool] = ContextVar("unsent", default=False)


class MailFailed(Exception):
    """A message was not handed over; `permanent` says that trying again would fail the same way."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class MailServer:
    """What a mail address of the settings says: `console:`, `smtp://…` or `smtps://user:password@host:port?from=…`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    starttls: str

    @classmethod
    def at(cls, url: str, base_url: str) -> MailServer:
        """Read the address; `from` is no-reply at the site by default, `starttls` auto, required or never."""
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        if parts.scheme not in {"console", *DEFAULT_PORTS} or (parts.scheme != "console" and not parts.hostname):
            raise ValueError("a mail address is console: or begins with smtp:// or smtps://")
        starttls = options.get("starttls", ["required" if parts.username else "auto"])[0]
        if starttls not in {"auto", "required", "never"}:
            raise ValueError("starttls in a mail address is auto, required or never")
        site = urlsplit(base_url).hostname or "localhost"
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or DEFAULT_PORTS.get(parts.scheme, 0),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=options.get("from", [f"no-reply@{site}"])[0],
            starttls=starttls,
        )

    @property
    def domain(self) -> str:
        """The domain of the sender's address, which also signs the message ids."""
        return self.sender.rpartition("@")[2]


def install(app: Flask) -> None:
    """Read the mail address of the settings and make the templates' environment."""
    config: Config = app.config["CHARTERWAY"]
    environment = Environment(
        loader=app.jinja_loader,
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(service_name=SENDER_NAME, base_url=config.base_url)
    app.extensions["charterway_mail"] = (MailServer.at(config.mail_url, config.base_url), environment)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar entry that goes with a mail. method: what the calendar is to do with it, REQUEST or CANCEL."""

    filename: str
    calendar: bytes
    method: str


def compose(
    name: str, *, to: str, context: Mapping[str, object], key: str | None = None, invitation: Invitation | None = None
) -> EmailMessage:
    """Compose the mail `templates/mail/<name>/` for one address; subject, text and HTML share the context.

    key: names the occasion: the same occasion always has the same Message-ID, so a repeat is recognisable.
    invitation: the calendar entry that is attached, as RFC 6047 wants it.
    Raises MailFailed (permanent) when the address cannot receive mail, and jinja2's UndefinedError for a name
    missing in the context, which is the caller's mistake.
    """
    server, environment = _installed()
    subject, text, html = (
        environment.get_template(f"mail/{name}/{part}").render(context)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    message = EmailMessage(policy=SMTP)
    message["To"] = _recipient(to)
    message["From"] = Address(SENDER_NAME, addr_spec=server.sender)
    # A subject is one line: what a person typed into a name cannot begin another header.
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(key, server.domain) if key else make_msgid(domain=server.domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip() + "\n")
    message.add_alternative(html, subtype="html")
    if invitation is not None:
        message.add_attachment(
            invitation.calendar.decode(),
            subtype="calendar",
            filename=invitation.filename,
            params={"method": invitation.method},
        )
    return message


def message_id(key: str, domain: str) -> str:
    """The Message-ID of an occasion: always the same for the same key, telling nothing of it."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def send(message: EmailMessage) -> None:
    """Hand the message over, or print its text with `console:`. Raises MailFailed."""
    server, _ = _installed()
    if server.scheme == "console":
        _print(message)
        return
    with _failures(server), _connected(server) as connection:
        connection.send_message(message)


def deliver(
    name: str, *, to: str, context: Mapping[str, object], key: str | None = None, invitation: Invitation | None = None
) -> bool:
    """Compose and send; False, with a warning in the log, where trying again would fail the same way, and `unsent`.

    Raises MailFailed where trying again may help, and what `compose` raises for its texts.
    """
    if _unsent.get():
        return False
    try:
        send(compose(name, to=to, context=context, key=key, invitation=invitation))
    except MailFailed as failure:
        if not failure.permanent:
            raise
        log.warning("the mail %s could not be sent: %s", name, failure)
        return False
    return True


@contextmanager
def unsent() -> Iterator[None]:
    """Nothing is delivered inside the block: what is played there has addresses that nobody has."""
    token = _unsent.set(True)
    try:
        yield
    finally:
        _unsent.reset(token)


def check() -> None:
    """Greet the mail server and sign in, sending nothing; raises MailFailed. `console:` needs no check."""
    server, _ = _installed()
    if server.scheme == "console":
        return
    with _failures(server), _connected(server) as connection:
        connection.noop()


def _installed() -> tuple[MailServer, Environment]:
    found: tuple[MailServer, Environment] = current_app.extensions["charterway_mail"]
    return found


def _recipient(address: str) -> Address:
    try:
        known = validate_email(address, check_deliverability=False, test_environment=True)
        return Address(addr_spec=known.normalized)
    except (EmailNotValidError, MessageError, ValueError) as error:
        raise MailFailed("the address of the recipient cannot receive mail", permanent=True) from error


def _print(message: EmailMessage) -> None:
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    print(
        f"To: {message['To']}\nSubject: {message['Subject']}\nMessage-ID: {message['Message-ID']}\n\n{text}",
        flush=True,
    )


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.scheme == "smtps":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo_or_helo_if_needed()
        if server.scheme == "smtp" and server.starttls != "never":
            if connection.has_extn("starttls"):
                connection.starttls(context=context)
            elif server.starttls == "required":
                raise MailFailed(f"the mail server {server.host} does not offer encryption (STARTTLS)")
        if server.user:
            connection.login(server.user, server.password)
        yield connection


@contextmanager
def _failures(server: MailServer) -> Iterator[None]:
    """Turn what server or network say into MailFailed, repeating no password and no recipient."""
    where = f"the mail server {server.host}:{server.port}"
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        raise MailFailed(f"{where} refused the recipient", permanent=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailFailed(f"{where} refused our sign-in ({error.smtp_code})") from error
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"{where} answered {error.smtp_code}", permanent=error.smtp_code >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(f"{where} does not answer as expected: {error}") from error
