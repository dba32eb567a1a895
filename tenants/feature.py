"""What tenants brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from saas.app import Feature
from saas.policy import Permission, Place
from tenants.api import accesses, exports, me, plan_documents, plan_imports, reminders, timescale_choices
from tenants.api import action_details as action_detail_operations
from tenants.api import committee_papers as committee_paper_operations
from tenants.api import councils as council_operations
from tenants.api import directories as directory_operations
from tenants.api import door_rules as door_rule_operations
from tenants.api import evidence as evidence_operations
from tenants.api import leavers as leaver_operations
from tenants.api import logos as logo_operations
from tenants.api import meetings as meeting_operations
from tenants.api import members as member_operations
from tenants.api import notices as notice_operations
from tenants.api import offices as office_operations
from tenants.api import plans as plan_operations
from tenants.api import priorities as priority_operations
from tenants.api import privacy_notices as privacy_notice_operations
from tenants.api import webhooks as webhook_operations
from tenants.commands.audit import audit
from tenants.commands.councils import council, region
from tenants.commands.files import files
from tenants.commands.imports import import_group
from tenants.commands.rehearsals import rehearse
from tenants.commands.tokens import token
from tenants.commands.users import user
from tenants.queries.access import find_bearer, find_viewer
from tenants.reactions import DAILY, REACTIONS
from tenants.web import (
    access,
    account,
    action_details,
    action_owners,
    actions,
    calendar_feeds,
    committee_papers,
    confirmations,
    councils,
    directories,
    door_rules,
    evidence,
    evidence_files,
    factors,
    identity_links,
    imports,
    invitations,
    leavers,
    logos,
    meetings,
    member_imports,
    members,
    notices,
    open_sessions,
    places,
    plan_papers,
    plan_views,
    plans,
    platform,
    platform_jobs,
    prepared_files,
    priorities,
    privacy_notices,
    proposed_owners,
    public,
    recovery_codes,
    rehearsals,
    remembered_columns,
    reminder_settings,
    second_steps,
    sign_in,
    sign_in_providers,
    single_sign_on,
    sittings,
    tokens,
    webhooks,
)

NAVIGATION = (
    (Permission.PLATFORM_RUN, "Regions", "platform.list_regions"),
    (Permission.PLATFORM_RUN, "Jobs", "platform_jobs.show"),
    (Permission.ACTION_READ, "Action plans", "plans.index"),
    (Permission.EVIDENCE_READ, "Evidence", "evidence.index"),
    (Permission.MEMBER_READ, "Members", "members.index"),
    (Permission.ACCESS_GRANT, "People with access", "access.list_people"),
)
"""The permission that shows a page in the header of a place, its words and its endpoint, in order."""


def navigation(place: Place) -> list[tuple[str, str]]:
    """The pages of tenants that the viewer may open in this place."""
    return [(words, endpoint) for permission, words, endpoint in NAVIGATION if permission in place.permissions]


FEATURE = Feature(
    "tenants",
    find_viewer=find_viewer,
    find_bearer=find_bearer,
    operations=(
        me.operations,
        plan_operations.operations,
        plan_documents.operations,
        plan_imports.operations,
        action_detail_operations.operations,
        timescale_choices.operations,
        priority_operations.operations,
        meeting_operations.operations,
        committee_paper_operations.operations,
        evidence_operations.operations,
        member_operations.operations,
        office_operations.operations,
        accesses.operations,
        leaver_operations.operations,
        notice_operations.operations,
        reminders.operations,
        door_rule_operations.operations,
        logo_operations.operations,
        exports.operations,
        privacy_notice_operations.operations,
        council_operations.operations,
        webhook_operations.operations,
        directory_operations.operations,
    ),
    sign_in_endpoint="sign_in.show_sign_in",
    second_step_endpoint="second_step.show",
    sign_on_endpoint="single_sign_on.begin",
    navigation=navigation,
    reactions=REACTIONS,
    daily=DAILY,
    status=(rehearsals.tell_last,),
    commands=(region, council, user, token, audit, files, import_group, rehearse),
    blueprints=(
        sign_in.blueprint,
        second_steps.blueprint,
        factors.blueprint,
        recovery_codes.blueprint,
        confirmations.blueprint,
        single_sign_on.blueprint,
        identity_links.blueprint,
        sign_in_providers.blueprint,
        directories.blueprint,
        open_sessions.blueprint,
        door_rules.blueprint,
        places.blueprint,
        account.blueprint,
        access.blueprint,
        invitations.blueprint,
        leavers.blueprint,
        privacy_notices.blueprint,
        councils.blueprint,
        platform.blueprint,
        platform_jobs.blueprint,
        public.blueprint,
        members.blueprint,
        evidence.blueprint,
        evidence_files.blueprint,
        plans.blueprint,
        actions.blueprint,
        action_details.blueprint,
        action_owners.blueprint,
        priorities.blueprint,
        proposed_owners.blueprint,
        imports.blueprint,
        member_imports.blueprint,
        remembered_columns.blueprint,
        notices.blueprint,
        reminder_settings.blueprint,
        calendar_feeds.blueprint,
        plan_papers.blueprint,
        committee_papers.blueprint,
        logos.blueprint,
        plan_views.blueprint,
        prepared_files.blueprint,
        meetings.blueprint,
        sittings.blueprint,
        tokens.blueprint,
        webhooks.blueprint,
    ),
)
