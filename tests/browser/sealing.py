"""Signing, sealing and checking a seal, as a browser and an offline verifier do it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.acts import fill, follow, press, wait_for
from tests.browser.conftest import ROOT, Mailbox
from tests.browser.looking import look_at
from tests.factories.tenants import PASSWORD, MadeUser


def sign_by_link(signer: Page, link: str, name: str) -> None:
    """Read what is signed on a phone, mistype the name, sign."""
    signer.goto(link)
    look_at(signer, "sign by link")
    fill(signer, name="Somebody Else")
    press(signer, "Sign")
    expect(signer.locator(".govuk-error-summary")).to_be_visible()
    look_at(signer, "sign by link, another name")
    fill(signer, name=name)
    press(signer, "Sign")
    expect(signer.get_by_role("heading", level=1)).to_have_text("You have signed")
    look_at(signer, "signed by link")


@contextmanager
def unfinished(console: Flask) -> Iterator[None]:
    """While the block runs no seal gets its last row: the page that waits for it can be looked at."""
    with psycopg.connect(console.config["CHARTERWAY"].dsn("owner")) as connection:
        connection.execute("lock table submissions in share mode")
        yield


def seal(console: Flask, lead: Page, name: str) -> None:
    """Send, look at how far the seal is, and be led to the receipt when it is made."""
    with unfinished(console):
        press(lead, "Send to the region")
        expect(lead.get_by_role("status")).to_contain_text("files read")
        look_at(lead, f"sealing, {name}")
    lead.wait_for_url("**/submissions/*")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Receipt of your")
    look_at(lead, f"receipt of 45 answers, {name}")


def let_the_chief_executive_sign_in(lead: Page, signatory: MadeUser) -> None:
    """The Chief Executive has a sign-in by now."""
    lead.goto("/councils/holtby/offices")
    follow(lead.get_by_role("link", name="Correct Kit Moss"))
    lead.locator('[name="user_id"]').select_option(str(signatory.id))
    fill(lead, name="")
    press(lead, "Save")
    look_at(lead, "office-holder, no name")
    fill(lead, name="Kit Moss")
    press(lead, "Save")
    expect(lead.locator("tbody")).to_contain_text("Signing in")
    look_at(lead, "office-holders, one signs in")


def put_before_those_who_sign(lead: Page, home: str) -> None:
    """Both offices are asked, and the answers rest."""
    lead.goto(f"{home}check/readiness")
    press(lead, "Put it before those who sign")
    lead.goto(f"{home}requirements/1.1.1")
    expect(lead.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    look_at(lead, "requirement, resting while it is signed")


def sign_with_account(chief: Page, mailbox: Mailbox, email: str, signatory: MadeUser) -> None:
    """The link in the mail leads through the sign-in to what is signed."""
    chief.goto(mailbox.link_for(email, "/councils/holtby/signatures"))
    fill(chief, email=signatory.email, password=PASSWORD)
    press(chief, "Sign in")
    chief.goto("/councils/holtby/signatures")
    look_at(chief, "what waits for a signature")
    follow(chief.locator("main").get_by_role("link").first)
    look_at(chief, "sign with an account")
    press(chief, "Decline to sign")
    expect(chief.locator("#reason-error")).to_be_visible()
    look_at(chief, "sign with an account, no reason")
    fill(chief, name="Kit Moss")
    follow(chief.get_by_role("button", name="Sign", exact=True))
    expect(chief.get_by_role("heading", level=1)).to_have_text("You have signed")
    look_at(chief, "signed with an account")


def send_submission(console: Flask, lead: Page, home: str, folder: Path) -> tuple[Path, str]:
    """Send what two have signed; the downloaded archive and the hash on its receipt."""
    wait_for(lead, f"{home}signing/readiness", "Everybody had signed")
    look_at(lead, "signatures, all given")
    lead.goto(f"{home}check/readiness")
    seal(console, lead, "submission")
    expect(lead.locator("main")).to_contain_text("Robin Fell")
    expect(lead.locator("main")).to_contain_text("Kit Moss")
    digest = "".join(lead.locator("dt:has-text('Hash') + dd").inner_text().split())
    with lead.expect_download() as waiting:
        lead.locator('a[href$="/archive"]').click()
    archive = folder / "submission.zip"
    waiting.value.save_as(archive)
    return archive, digest


def check_offline(archive: Path, digest: str) -> None:
    """Whoever holds the archive checks it, knowing nothing of the service; one changed byte is found and named."""
    whole = verify(archive, digest)
    assert (whole.returncode, whole.stdout.split("\n")[0], whole.stderr) == (0, f"OK {digest}", "")

    with zipfile.ZipFile(archive) as opened:
        entries = [info for info in opened.infolist() if info.filename.startswith("files/")]
        [changed] = [info for info in entries if "programme" in info.filename]
        assert len(entries) == 2, f"a policy and the programme, each once: {[info.filename for info in entries]}"
        content = opened.read(changed)
    damaged = bytearray(archive.read_bytes())
    at = damaged.find(content) + content.find(b"Sessions")
    damaged[at] ^= 1
    archive.write_bytes(damaged)
    found = verify(archive, digest)
    assert (found.returncode, found.stdout) == (1, "File 2, “programme.pdf”, is damaged: it does not match.\n")
    assert sorted(each.name for each in archive.parent.iterdir()) == [archive.name]


def verify(archive: Path, digest: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier in a process that has no settings at all."""
    code = "import sys; from charterway import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, "submission", "verify", str(archive), "--hash", digest],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd=archive.parent,
        text=True,
        capture_output=True,
        timeout=60,
        check=False,
    )
