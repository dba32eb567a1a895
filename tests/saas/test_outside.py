"""The outside: a page is had from a real server; nothing inside is ever asked, however its address is written."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from saas.outside import AddressRefused, Fetched, Unreachable, check_address, fetch
from tests.saas.conftest import MakeBareApp

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 12\r\n\r\n<p>Hello</p>"
Answer = Callable[[socket.socket], None]


def received(stream: socket.socket) -> str:
    """One request with its whole body."""
    got = stream.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        got += (more := stream.recv(65_536))
        body += more
    return got.decode()


class Site:
    """A real server on a loopback port that answers each connection with the bytes it was told to."""

    def __init__(self, answers: list[bytes | Answer], context: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.requests: list[str] = []
        self.context = context
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        for answer in self.answers:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                stream = self.context.wrap_socket(connection, server_side=True) if self.context else connection
                with stream:
                    self.requests.append(received(stream))
                    if isinstance(answer, bytes):
                        stream.sendall(answer)
                    else:
                        answer(stream)

    def close(self) -> None:
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)


MakeSite = Callable[..., Site]
Resolves = Callable[..., list[str]]


@pytest.fixture
def site() -> Iterator[MakeSite]:
    opened: list[Site] = []

    def make(*answers: bytes | Answer, context: ssl.SSLContext | None = None) -> Site:
        opened.append(Site(list(answers), context))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Resolves:
    """`resolves(["8.8.8.8"], ["127.0.0.1"])`: what the resolver says at each look-up; returns the names asked."""

    def install(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, *_rest: object) -> list[tuple[object, ...]]:
            asked.append(host)
            return [
                (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
                if ":" in address
                else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in answers[min(len(asked), len(answers)) - 1]
            ]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return install


def redirect(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def refusal(url: str) -> str:
    with pytest.raises(AddressRefused) as refused:
        check_address(url)
    return refused.value.message


def test_a_page_is_had_with_its_status_and_nothing_of_ours_goes_along(
    bare_app: MakeBareApp, site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    here = site(PAGE)
    bare_app(outside_allow=(f"localhost:{here.port}",), base_url="https://charter.example")
    url = f"http://localhost:{here.port}/minutes/März 5?page=é&all#top"

    page = fetch(url, limit_bytes=100)

    assert page == Fetched(
        url.removesuffix("#top").replace(" ", "%20"), 200, "text/html; charset=utf-8", b"<p>Hello</p>", ()
    )
    assert here.requests == [
        "GET /minutes/M%C3%A4rz%205?page=%C3%A9&all HTTP/1.1\r\n"
        f"Host: localhost:{here.port}\r\n"
        "User-Agent: Charterway (+https://charter.example)\r\n"
        "Accept: text/html\r\n"
        "Accept-Encoding: identity\r\n"
        "Connection: close\r\n\r\n"
    ]


def test_a_body_is_posted_with_its_headers_and_a_redirect_is_the_answer(bare_app: MakeBareApp, site: MakeSite) -> None:
    here = site(redirect("http://localhost:1/elsewhere"))
    bare_app(outside_allow=(f"localhost:{here.port}",), base_url="https://charter.example")
    url = f"http://localhost:{here.port}/told"

    told = fetch(url, limit_bytes=100, body="{é}".encode(), headers={"Content-Type": "application/json"}, accept="*/*")

    assert (told.status, told.body, told.redirects) == (302, b"", ())
    assert here.requests == [
        "POST /told HTTP/1.1\r\n"
        f"Host: localhost:{here.port}\r\n"
        "User-Agent: Charterway (+https://charter.example)\r\n"
        "Accept: */*\r\n"
        "Accept-Encoding: identity\r\n"
        "Connection: close\r\n"
        "Content-Length: 4\r\n"
        "Content-Type: application/json\r\n\r\n"
        "{é}"
    ]


def test_headers_go_to_the_first_address_alone(bare_app: MakeBareApp, site: MakeSite) -> None:
    there = site(PAGE)
    here = site(redirect(f"http://localhost:{there.port}/"))
    bare_app(outside_allow=(f"localhost:{here.port}", f"localhost:{there.port}"))

    fetch(f"http://localhost:{here.port}/", limit_bytes=100, headers={"Authorization": "Bearer of mine"})

    assert "Authorization: Bearer of mine\r\n" in here.requests[0]
    assert "Authorization" not in there.requests[0]


def test_an_address_may_have_to_be_https_unless_it_is_allowed_by_name(bare_app: MakeBareApp) -> None:
    bare_app(outside_allow=("localhost:8123",))
    check_address("http://localhost:8123/", secured=True)
    check_address("https://council.example/", secured=True)
    with pytest.raises(AddressRefused, match=r"The address must begin with https://\."):
        check_address("http://council.example/", secured=True)


def test_a_page_that_is_gone_is_an_answer_too(bare_app: MakeBareApp, site: MakeSite) -> None:
    here = site(b"HTTP/1.1 404 Not Found\r\n\r\ngone")
    bare_app(outside_allow=(f"127.0.0.1:{here.port}",))
    url = f"http://127.0.0.1:{here.port}"

    assert fetch(url, limit_bytes=100) == Fetched(url, 404, "", b"gone", ())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://council.example/", "The address must begin with http:// or https://."),
        ("file:///etc/passwd", "The address must begin with http:// or https://."),
        ("council.example/page", "The address must begin with http:// or https://."),
        ("https://user:secret@council.example/", "The address must not hold a user name or a password."),
        ("https://council.example@127.0.0.1/", "The address must not hold a user name or a password."),
        (
            "https://council.example:8443/",
            "Port 8443 is not used by web pages. Only the ports 80 and 443 may be used.",
        ),
        ("http://council.example:22/", "Port 22 is not used by web pages. Only the ports 80 and 443 may be used."),
        ("http:///page", "This is not a complete web address."),
        ("http://council.example:port/", "This is not a complete web address."),
        ("http://[::1/", "This is not a complete web address."),
        ("http://council.example/\r\nHost: inside", "This is not a complete web address."),
        ("http://council_%00.example/", "This is not a complete web address."),
        ("http://2130706433/", "This is not a complete web address."),
        ("http://0177.0.0.1/", "This is not a complete web address."),
        ("http://127.1/", "This is not a complete web address."),
        ("http://0x7f.0.0.1/", "“0x7f.0.0.1” is not an address of the public internet."),
        ("http://0x7f000001/", "“0x7f000001” is not an address of the public internet."),
        ("http://①②⑦.⓪.⓪.①/", "“①②⑦.⓪.⓪.①” is not an address of the public internet."),
        ("http://localhost/", "“localhost” is not an address of the public internet."),
        ("http://intranet/", "“intranet” is not an address of the public internet."),
        ("http://printer.local/", "“printer.local” is not an address of the public internet."),
        ("http://metadata.google.internal./", "“metadata.google.internal.” is not an address of the public internet."),
    ],
)
def test_an_address_that_cannot_be_a_public_page_is_refused_in_words(
    bare_app: MakeBareApp, url: str, message: str
) -> None:
    bare_app()

    assert refusal(url) == message


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.1.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_address_inside_is_asked_by_number_or_by_a_name_that_leads_there(
    bare_app: MakeBareApp, resolves: Resolves, address: str
) -> None:
    bare_app()
    resolves([address])

    assert refusal(f"http://{f'[{address}]' if ':' in address else address}/") == (
        f"“{address}” is not an address of the public internet."
    )
    with pytest.raises(AddressRefused, match=r"“council\.example” is not an address of the public internet\."):
        fetch("http://council.example/", limit_bytes=100)


@pytest.mark.parametrize(
    "url", ["https://council.example", "http://Council.Example:80/a?b=c", "https://münchen.example/", "http://8.8.8.8/"]
)
def test_a_public_address_passes_without_a_look_up(bare_app: MakeBareApp, resolves: Resolves, url: str) -> None:
    bare_app()
    asked = resolves(["127.0.0.1"])

    check_address(url)

    assert asked == []


def test_a_name_with_one_address_inside_among_public_ones_is_refused(bare_app: MakeBareApp, resolves: Resolves) -> None:
    bare_app()
    resolves(["8.8.8.8", "10.0.0.1"])

    with pytest.raises(AddressRefused):
        fetch("http://council.example/", limit_bytes=100)


def test_redirects_are_followed_and_told(bare_app: MakeBareApp, site: MakeSite) -> None:
    here = site(redirect("/second?a=1"), redirect("third#part"), PAGE)
    bare_app(outside_allow=(f"localhost:{here.port}",))
    base = f"http://localhost:{here.port}"

    page = fetch(f"{base}/first", limit_bytes=100)

    assert (page.url, page.redirects) == (f"{base}/third", (f"{base}/first", f"{base}/second?a=1"))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//[::ffff:10.0.0.1]/",
        "http://localhost:81/",
        "file:///etc/passwd",
        "http://user@council.example/",
        "http://[::1/",
    ],
)
def test_a_redirect_to_the_inside_is_refused_like_its_address(
    bare_app: MakeBareApp, site: MakeSite, location: str
) -> None:
    here = site(redirect(location))
    bare_app(outside_allow=(f"localhost:{here.port}",))

    with pytest.raises(AddressRefused):
        fetch(f"http://localhost:{here.port}/", limit_bytes=100)


def test_a_site_that_leads_on_for_ever_is_left(bare_app: MakeBareApp, site: MakeSite) -> None:
    here = site(*[redirect("/again")] * 7)
    bare_app(outside_allow=(f"localhost:{here.port}",))

    with pytest.raises(Unreachable, match=r"The site leads on more than 5 times\."):
        fetch(f"http://localhost:{here.port}/", limit_bytes=100)
    assert len(here.requests) == 6


def test_a_name_that_changes_its_address_after_the_look_up_gains_nothing(
    bare_app: MakeBareApp, site: MakeSite, resolves: Resolves
) -> None:
    here = site(PAGE)
    bare_app(outside_allow=(f"council.example:{here.port}",))
    asked = resolves(["127.0.0.1"], ["127.0.0.2"])

    page = fetch(f"http://council.example:{here.port}/", limit_bytes=100)

    assert (page.body, asked) == (b"<p>Hello</p>", ["council.example"])


def test_a_name_that_turns_inside_at_its_redirect_is_judged_again(
    bare_app: MakeBareApp, site: MakeSite, resolves: Resolves
) -> None:
    here = site(redirect("http://council.example/"))
    bare_app(outside_allow=(f"council.example:{here.port}",))
    asked = resolves(["127.0.0.1"])

    with pytest.raises(AddressRefused):
        fetch(f"http://council.example:{here.port}/", limit_bytes=100)
    assert asked == ["council.example", "council.example"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + b"x" * 101 + b"\r\n0\r\n\r\n",
    ],
    ids=["announced", "until the end", "in chunks"],
)
def test_a_page_that_is_too_large_is_not_kept(bare_app: MakeBareApp, site: MakeSite, answer: bytes) -> None:
    here = site(answer, answer)
    bare_app(outside_allow=(f"localhost:{here.port}",))
    url = f"http://localhost:{here.port}/"

    assert len(fetch(url, limit_bytes=101).body) == 101
    with pytest.raises(Unreachable, match=r"The page is larger than 100 bytes, so it was not read\."):
        fetch(url, limit_bytes=100)


def drip(head: bytes) -> Answer:
    def answer(stream: socket.socket) -> None:
        stream.sendall(head)
        for _ in range(100):
            stream.sendall(b"x")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda _stream: time.sleep(1.5),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nX-Long: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
    ],
    ids=["silent", "dripping body", "dripping header", "dripping announced body"],
)
def test_a_slow_site_is_left_at_the_limit_of_the_whole(bare_app: MakeBareApp, site: MakeSite, answer: Answer) -> None:
    here = site(answer)
    bare_app(outside_allow=(f"localhost:{here.port}",))
    start = time.monotonic()

    with pytest.raises(Unreachable, match=r"The site did not answer within 0\.4 seconds\."):
        fetch(f"http://localhost:{here.port}/", limit_bytes=10_000, timeout_seconds=0.4)
    assert time.monotonic() - start < 3


def test_a_slow_look_up_is_left_too(bare_app: MakeBareApp, monkeypatch: pytest.MonkeyPatch) -> None:
    bare_app()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked: time.sleep(0.8) or [])

    with pytest.raises(Unreachable, match=r"The site did not answer within 0\.2 seconds\."):
        fetch("http://council.example/", limit_bytes=100, timeout_seconds=0.2)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "The site broke off, or did not answer as a web page does."),
        (b"", "The site broke off, or did not answer as a web page does."),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf",
            "The site broke off, or did not answer as a web page does.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
            "The site sends the page packed, though it was asked not to.",
        ),
    ],
)
def test_what_is_no_page_is_said(bare_app: MakeBareApp, site: MakeSite, answer: bytes, message: str) -> None:
    here = site(answer)
    bare_app(outside_allow=(f"localhost:{here.port}",))

    with pytest.raises(Unreachable) as refused:
        fetch(f"http://localhost:{here.port}/", limit_bytes=100)
    assert refused.value.message == message


def test_a_name_nobody_has_and_a_door_nobody_opens_are_said(
    bare_app: MakeBareApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    bare_app(outside_allow=(f"127.0.0.1:{port}",))
    with pytest.raises(Unreachable, match=r"The site cannot be reached\."):
        fetch(f"http://127.0.0.1:{port}/", limit_bytes=100)

    def unknown(*_asked: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"There is no site named “council\.example”\."):
        fetch("https://council.example/", limit_bytes=100)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this test trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@pytest.mark.parametrize(("certified", "good"), [("council.example", True), ("other.example", False)])
def test_https_asks_for_the_certificate_of_the_name_although_it_goes_to_a_number(
    bare_app: MakeBareApp, site: MakeSite, resolves: Resolves, authority: trustme.CA, certified: str, good: bool
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certified).configure_cert(context)
    named: list[str | None] = []
    context.sni_callback = lambda _stream, name, _context: named.append(name)
    here = site(PAGE, context=context)
    bare_app(outside_allow=(f"council.example:{here.port}",))
    resolves(["127.0.0.1"])
    url = f"https://council.example:{here.port}/"

    if good:
        assert fetch(url, limit_bytes=100).body == b"<p>Hello</p>"
    else:
        with pytest.raises(Unreachable, match=r"The site's certificate is not valid\."):
            fetch(url, limit_bytes=100)
    assert named == ["council.example"]


def test_a_dripping_https_site_is_left_too(
    bare_app: MakeBareApp, site: MakeSite, resolves: Resolves, authority: trustme.CA
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("council.example").configure_cert(context)
    here = site(drip(b"HTTP/1.1 200 OK\r\n\r\n"), context=context)
    bare_app(outside_allow=(f"council.example:{here.port}",))
    resolves(["127.0.0.1"])

    with pytest.raises(Unreachable, match="did not answer within 1 seconds"):
        fetch(f"https://council.example:{here.port}/", limit_bytes=10_000, timeout_seconds=1)
