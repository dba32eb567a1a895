// The one script: starts GOV.UK Frontend's parts and our own. Every page works without it.
import { createAll } from "govuk-frontend/dist/govuk/init.mjs";
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { FileUpload } from "govuk-frontend/dist/govuk/components/file-upload/file-upload.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { PasswordInput } from "govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
import { ServiceNavigation } from "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { Tabs } from "govuk-frontend/dist/govuk/components/tabs/tabs.mjs";
import { startAutosave } from "./autosave.js";
import { startCounter } from "./counter.js";
import { settleDrafts, startDraft } from "./draft.js";
import { startKeys } from "./keys.js";
import { startPanes } from "./panes.js";
import { startPasskey } from "./passkeys.js";
import { startPaste } from "./paste.js";
import { startPreviews } from "./preview.js";
import { startProgress } from "./progress.js";
import { startReveal } from "./reveal.js";
import { startSearch } from "./search.js";
import { startShortcuts } from "./shortcuts.js";
import { startTablePaste } from "./table_paste.js";
import { startUploads } from "./uploads.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

const parts = [
  Button,
  CharacterCount,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  Tabs,
];
for (const part of parts) {
  createAll(part);
}

settleDrafts(document);
for (const area of document.querySelectorAll("textarea[data-prose]")) {
  startCounter(area);
  startPaste(area);
}
for (const area of document.querySelectorAll("[data-table-paste] textarea")) {
  startTablePaste(area);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  startDraft(form);
}
for (const form of document.querySelectorAll("form[data-autosave]")) {
  startAutosave(form);
}
for (const part of document.querySelectorAll("[data-passkey]")) {
  startPasskey(part);
}
for (const element of document.querySelectorAll("[data-progress]")) {
  startProgress(element);
}
for (const element of document.querySelectorAll("[data-uploads]")) {
  startUploads(element);
}
startKeys(document);
startPanes(document);
startPreviews(document);
startReveal(document);
startSearch(document);
startShortcuts(document);
