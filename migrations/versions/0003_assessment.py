"""The tables of the journey."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('register_entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('certificate_number', sa.Text(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('region_name', sa.Text(), nullable=False),
    sa.Column('level_title', sa.Text(), nullable=False),
    sa.Column('framework_title', sa.Text(), nullable=False),
    sa.Column('awarded_on', sa.Date(), nullable=False),
    sa.Column('valid_to_on', sa.Date(), nullable=False),
    sa.Column('grace_to_on', sa.Date(), nullable=False),
    sa.Column('ending', sa.Text(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entries')),
    sa.UniqueConstraint('certificate_number', name=op.f('uq_register_entries_certificate_number'))
    )
    op.create_index('ix_register_entries_region_id', 'register_entries', ['region_id'], unique=False)
    op.create_table('frameworks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('starter', sa.Boolean(), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=True),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_frameworks_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frameworks')),
    sa.UniqueConstraint('code', 'region_id', name=op.f('uq_frameworks_code_region_id'), postgresql_nulls_not_distinct=True)
    )
    op.create_table('process_versions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.Uuid(), nullable=True),
    sa.Column('changed_by_name', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['regions.id'], name=op.f('fk_process_versions_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_versions')),
    sa.UniqueConstraint('region_id', 'id', name=op.f('uq_process_versions_region_id_id')),
    sa.UniqueConstraint('region_id', 'version', name=op.f('uq_process_versions_region_id_version'))
    )
    op.create_table('accreditations',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('framework_id', sa.Uuid(), nullable=False),
    sa.Column('process', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('process_version', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('cycle', sa.BigInteger(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('stage_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('committed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.Column('deadline_on', sa.Date(), nullable=True),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("stage in ('committed', 'self_assessing', 'plan_submitted', 'improving', 'submitted', 'assessing', 'moderating', 'reporting', 'fact_check', 'awarded', 'not_yet', 'withdrawn', 'lapsed', 'ended')", name=op.f('ck_accreditations_stage')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_accreditations_council_id_region_id')),
    sa.ForeignKeyConstraint(['framework_id'], ['frameworks.id'], name=op.f('fk_accreditations_framework_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_accreditations'))
    )
    op.create_index('ix_accreditations_id', 'accreditations', ['id'], unique=False)
    op.create_index('ix_accreditations_region_id_stage', 'accreditations', ['region_id', 'stage'], unique=False)
    op.create_index('uq_accreditations_one_under_way', 'accreditations', ['council_id', 'framework_id', 'level'], unique=True, postgresql_where="stage not in ('awarded', 'not_yet', 'withdrawn', 'lapsed', 'ended')")
    op.create_table('requirements',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('framework_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('criterion_code', sa.Text(), nullable=False),
    sa.Column('element_code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('key_indicator', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['framework_id'], ['frameworks.id'], name=op.f('fk_requirements_framework_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirements')),
    sa.UniqueConstraint('framework_id', 'code', name=op.f('uq_requirements_framework_id_code'))
    )
    op.create_index('ix_requirements_framework_id_position', 'requirements', ['framework_id', 'position'], unique=False)
    op.create_table('answers',
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=True),
    sa.Column('narrative', sa.Text(), nullable=False),
    sa.Column('not_applicable_reason', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.Uuid(), nullable=True),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_answers_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_answers_requirement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_answers')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'requirement_id', name=op.f('uq_answers_council_id_accreditation_id_requirement_id'))
    )
    op.create_table('assignments',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('home_council', sa.Text(), nullable=False),
    sa.Column('council_name', sa.Text(), nullable=False),
    sa.Column('framework_title', sa.Text(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.Column('capacity', sa.Text(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assigned_by', sa.Uuid(), nullable=True),
    sa.Column('interest', sa.Text(), nullable=True),
    sa.Column('interest_words', sa.Text(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=False),
    sa.Column('scored', sa.BigInteger(), nullable=False),
    sa.Column('to_score', sa.BigInteger(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("capacity in ('officer', 'councillor', 'regional')", name=op.f('ck_assignments_capacity')),
    sa.CheckConstraint("duty in ('lead', 'scorer')", name=op.f('ck_assignments_duty')),
    sa.CheckConstraint("interest is null or interest in ('none', 'conflict')", name=op.f('ck_assignments_interest')),
    sa.CheckConstraint('(interest is null) = (declared_at is null)', name=op.f('ck_assignments_declared_with_interest')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_assignments_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_assignments_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_assignments'))
    )
    op.create_index('ix_assignments_accreditation_id', 'assignments', ['accreditation_id'], unique=False)
    op.create_index('ix_assignments_user_id', 'assignments', ['user_id'], unique=False)
    op.create_index('uq_assignments_current', 'assignments', ['council_id', 'accreditation_id', 'user_id'], unique=True, postgresql_where='withdrawn_at is null')
    op.create_table('awards',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('certificate_number', sa.Text(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('level_title', sa.Text(), nullable=False),
    sa.Column('framework_title', sa.Text(), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('awarded_on', sa.Date(), nullable=False),
    sa.Column('interim_due_on', sa.Date(), nullable=True),
    sa.Column('reassessment_opens_on', sa.Date(), nullable=False),
    sa.Column('valid_to_on', sa.Date(), nullable=False),
    sa.Column('grace_to_on', sa.Date(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by_name', sa.Text(), nullable=False),
    sa.Column('ending', sa.Text(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("ending is null or ending in ('surrendered', 'ended', 'expired')", name=op.f('ck_awards_ending')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_awards_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_awards_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_awards')),
    sa.UniqueConstraint('council_id', 'accreditation_id', name=op.f('uq_awards_council_id_accreditation_id'))
    )
    op.create_index('ix_awards_region_id_valid_to_on', 'awards', ['region_id', 'valid_to_on'], unique=False)
    op.create_table('decisions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('proposed', sa.Text(), nullable=False),
    sa.Column('rule_lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('conditions', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("outcome = proposed or reason <> ''", name=op.f('ck_decisions_difference_has_reason')),
    sa.CheckConstraint("outcome in ('awarded', 'not_yet') and proposed in ('awarded', 'not_yet')", name=op.f('ck_decisions_outcome')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_decisions_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_decisions_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_decisions')),
    sa.UniqueConstraint('council_id', 'accreditation_id', name=op.f('uq_decisions_council_id_accreditation_id'))
    )
    op.create_table('declaration_signatures',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('office', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_declaration_signatures_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_declaration_signatures_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_declaration_signatures'))
    )
    op.create_index('ix_declaration_signatures_accreditation', 'declaration_signatures', ['council_id', 'accreditation_id'], unique=False)
    op.create_table('moderations',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('agreed', sa.Boolean(), nullable=False),
    sa.Column('moderated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('moderated_by', sa.Uuid(), nullable=True),
    sa.Column('moderated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> '' or agreed", name=op.f('ck_moderations_has_reason')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_moderations_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_moderations_requirement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_moderations_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_moderations'))
    )
    op.create_index('ix_moderations_accreditation_id', 'moderations', ['accreditation_id'], unique=False)
    op.create_table('report_drafts',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('strengths', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('improvements', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('pending_import', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_report_drafts_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_report_drafts_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_report_drafts')),
    sa.UniqueConstraint('council_id', 'accreditation_id', name=op.f('uq_report_drafts_council_id_accreditation_id'))
    )
    op.create_table('reports',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.Column('opened_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind in ('fact_check', 'issued')", name=op.f('ck_reports_kind')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_reports_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_reports_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_reports')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'kind', 'number', name=op.f('uq_reports_council_id_accreditation_id_kind_number'))
    )
    op.create_index('ix_reports_accreditation_id', 'reports', ['accreditation_id'], unique=False)
    op.create_table('seal_requests',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('asked_by_name', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind in ('plan', 'readiness', 'interim')", name=op.f('ck_seal_requests_kind')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_seal_requests_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_seal_requests_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_seal_requests'))
    )
    op.create_index('uq_seal_requests_one_open', 'seal_requests', ['council_id', 'accreditation_id'], unique=True, postgresql_where='done_at is null and failed_at is null')
    op.create_table('answer_actions',
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_answer_actions_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'answer_id'], ['answers.council_id', 'answers.id'], name=op.f('fk_answer_actions_council_id_answer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_answer_actions')),
    sa.UniqueConstraint('council_id', 'answer_id', 'action_id', name=op.f('uq_answer_actions_council_id_answer_id_action_id'))
    )
    op.create_table('citations',
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('pinpoint', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('cited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'answer_id'], ['answers.council_id', 'answers.id'], name=op.f('fk_citations_council_id_answer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'evidence_id'], ['evidence.council_id', 'evidence.id'], name=op.f('fk_citations_council_id_evidence_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_citations')),
    sa.UniqueConstraint('council_id', 'answer_id', 'evidence_id', name=op.f('uq_citations_council_id_answer_id_evidence_id'))
    )
    op.create_index('ix_citations_council_id_evidence_id', 'citations', ['council_id', 'evidence_id'], unique=False)
    op.create_table('improvements',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=True),
    sa.Column('criterion_code', sa.Text(), nullable=False),
    sa.Column('criterion_title', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('timescale', sa.Text(), nullable=False),
    sa.Column('mandatory', sa.Boolean(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reply_due_on', sa.Date(), nullable=False),
    sa.Column('ending', sa.Text(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("ending is null or ending in ('verified', 'superseded', 'carried_forward')", name=op.f('ck_improvements_ending')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_improvements_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'report_id'], ['reports.council_id', 'reports.id'], name=op.f('fk_improvements_council_id_report_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_improvements_requirement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_improvements_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_improvements')),
    sa.UniqueConstraint('council_id', 'report_id', 'number', name=op.f('uq_improvements_council_id_report_id_number'))
    )
    op.create_index('ix_improvements_accreditation_id', 'improvements', ['accreditation_id'], unique=False)
    op.create_index('ix_improvements_region_id_criterion_code', 'improvements', ['region_id', 'criterion_code'], unique=False)
    op.create_table('report_comments',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('report_id', sa.Uuid(), nullable=False),
    sa.Column('has_none', sa.Boolean(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('commented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('commented_by', sa.Uuid(), nullable=True),
    sa.Column('commented_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("has_none or words <> ''", name=op.f('ck_report_comments_says_something')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_report_comments_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'report_id'], ['reports.council_id', 'reports.id'], name=op.f('fk_report_comments_council_id_report_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_report_comments_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_report_comments')),
    sa.UniqueConstraint('council_id', 'report_id', name=op.f('uq_report_comments_council_id_report_id'))
    )
    op.create_table('score_drafts',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('strength', sa.Text(), nullable=False),
    sa.Column('improvement', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_score_drafts_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'assignment_id'], ['assignments.council_id', 'assignments.id'], name=op.f('fk_score_drafts_council_id_assignment_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_score_drafts_requirement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_score_drafts_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_score_drafts')),
    sa.UniqueConstraint('council_id', 'assignment_id', 'requirement_id', name=op.f('uq_score_drafts_council_id_assignment_id_requirement_id'))
    )
    op.create_index('ix_score_drafts_accreditation_id_user_id', 'score_drafts', ['accreditation_id', 'user_id'], unique=False)
    op.create_table('scores',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('strength', sa.Text(), nullable=False),
    sa.Column('improvement', sa.Text(), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_scores_has_reason')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_scores_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'assignment_id'], ['assignments.council_id', 'assignments.id'], name=op.f('fk_scores_council_id_assignment_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_scores_requirement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_scores_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_scores')),
    sa.UniqueConstraint('council_id', 'assignment_id', 'requirement_id', name=op.f('uq_scores_council_id_assignment_id_requirement_id'))
    )
    op.create_index('ix_scores_accreditation_id', 'scores', ['accreditation_id'], unique=False)
    op.create_index('ix_scores_region_id_requirement_id', 'scores', ['region_id', 'requirement_id'], unique=False)
    op.create_table('submissions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('seal_request_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=True),
    sa.Column('sent_by_name', sa.Text(), nullable=False),
    sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('document_sha256', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.Column('archive_sha256', sa.Text(), nullable=False),
    sa.Column('archive_size', sa.BigInteger(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("kind in ('plan', 'readiness', 'interim')", name=op.f('ck_submissions_kind')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_submissions_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'seal_request_id'], ['seal_requests.council_id', 'seal_requests.id'], name=op.f('fk_submissions_council_id_seal_request_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_submissions_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_submissions')),
    sa.UniqueConstraint('council_id', 'accreditation_id', 'kind', 'number', name=op.f('uq_submissions_council_id_accreditation_id_kind_number')),
    sa.UniqueConstraint('council_id', 'seal_request_id', name=op.f('uq_submissions_council_id_seal_request_id'))
    )
    op.create_index('ix_submissions_accreditation_id', 'submissions', ['accreditation_id'], unique=False)
    op.create_index('ix_submissions_region_id', 'submissions', ['region_id'], unique=False)
    op.create_table('improvement_actions',
    sa.Column('improvement_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'action_id'], ['actions.council_id', 'actions.id'], name=op.f('fk_improvement_actions_council_id_action_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id', 'improvement_id'], ['improvements.council_id', 'improvements.id'], name=op.f('fk_improvement_actions_council_id_improvement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_improvement_actions')),
    sa.UniqueConstraint('council_id', 'improvement_id', 'action_id', name=op.f('uq_improvement_actions_council_id_improvement_id_action_id'))
    )
    op.create_table('improvement_progress',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('improvement_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reported_by', sa.Uuid(), nullable=True),
    sa.Column('reported_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state in ('in_progress', 'claimed_complete')", name=op.f('ck_improvement_progress_state')),
    sa.ForeignKeyConstraint(['council_id', 'improvement_id'], ['improvements.council_id', 'improvements.id'], name=op.f('fk_improvement_progress_council_id_improvement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_improvement_progress_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_improvement_progress'))
    )
    op.create_index('ix_improvement_progress_council_id_improvement_id', 'improvement_progress', ['council_id', 'improvement_id'], unique=False)
    op.create_table('replies',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('improvement_id', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('minute', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replied_by', sa.Uuid(), nullable=True),
    sa.Column('replied_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("answer <> 'decided_against' or (body <> '' and decided_on is not null)", name=op.f('ck_replies_decision_is_by_a_body')),
    sa.CheckConstraint("answer = 'accepted' or reason <> ''", name=op.f('ck_replies_has_reason')),
    sa.CheckConstraint("answer in ('accepted', 'accepted_in_part', 'decided_against')", name=op.f('ck_replies_answer')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_replies_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'improvement_id'], ['improvements.council_id', 'improvements.id'], name=op.f('fk_replies_council_id_improvement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_replies_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_replies'))
    )
    op.create_index('ix_replies_council_id_improvement_id', 'replies', ['council_id', 'improvement_id'], unique=False)
    op.create_index('ix_replies_region_id', 'replies', ['region_id'], unique=False)
    op.create_table('reply_drafts',
    sa.Column('improvement_id', sa.Uuid(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('minute', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'improvement_id'], ['improvements.council_id', 'improvements.id'], name=op.f('fk_reply_drafts_council_id_improvement_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_reply_drafts')),
    sa.UniqueConstraint('council_id', 'improvement_id', name=op.f('uq_reply_drafts_council_id_improvement_id'))
    )
    op.create_table('report_comment_answers',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('comment_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'comment_id'], ['report_comments.council_id', 'report_comments.id'], name=op.f('fk_report_comment_answers_council_id_comment_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_report_comment_answers_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_report_comment_answers')),
    sa.UniqueConstraint('council_id', 'comment_id', name=op.f('uq_report_comment_answers_council_id_comment_id'))
    )
    op.create_table('submission_answers',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('requirement_id', sa.Uuid(), nullable=False),
    sa.Column('judgement', sa.Text(), nullable=False),
    sa.Column('narrative', sa.Text(), nullable=False),
    sa.Column('not_applicable_reason', sa.Text(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('actions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('previous', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_submission_answers_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_submission_answers_council_id_submission_id')),
    sa.ForeignKeyConstraint(['requirement_id'], ['requirements.id'], name=op.f('fk_submission_answers_requirement_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_submission_answers_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_submission_answers')),
    sa.UniqueConstraint('council_id', 'submission_id', 'requirement_id', name=op.f('uq_submission_answers_council_id_submission_id_requirement_id'))
    )
    op.create_index('ix_submission_answers_accreditation_id', 'submission_answers', ['accreditation_id'], unique=False)
    op.create_index('ix_submission_answers_region_id_requirement_id', 'submission_answers', ['region_id', 'requirement_id'], unique=False)
    op.create_table('submission_decisions',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_by_name', sa.Text(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("outcome = 'accepted' or reason <> ''", name=op.f('ck_submission_decisions_return_has_reason')),
    sa.CheckConstraint("outcome in ('accepted', 'returned')", name=op.f('ck_submission_decisions_outcome')),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_submission_decisions_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_submission_decisions_council_id_submission_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_submission_decisions_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_submission_decisions')),
    sa.UniqueConstraint('council_id', 'submission_id', name=op.f('uq_submission_decisions_council_id_submission_id'))
    )
    op.create_table('submission_files',
    sa.Column('region_id', sa.Uuid(), nullable=False),
    sa.Column('accreditation_id', sa.Uuid(), nullable=False),
    sa.Column('submission_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('content_type', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id', 'accreditation_id'], ['accreditations.council_id', 'accreditations.id'], name=op.f('fk_submission_files_council_id_accreditation_id')),
    sa.ForeignKeyConstraint(['council_id', 'submission_id'], ['submissions.council_id', 'submissions.id'], name=op.f('fk_submission_files_council_id_submission_id')),
    sa.ForeignKeyConstraint(['council_id', 'region_id'], ['councils.id', 'councils.region_id'], name=op.f('fk_submission_files_council_id_region_id')),
    sa.PrimaryKeyConstraint('council_id', 'id', name=op.f('pk_submission_files')),
    sa.UniqueConstraint('council_id', 'submission_id', 'sha256', 'title', name=op.f('uq_submission_files_council_id_submission_id_sha256_title'))
    )
    op.create_index('ix_submission_files_accreditation_id', 'submission_files', ['accreditation_id'], unique=False)
    op.execute("""
        alter table register_entries enable row level security;
        alter table register_entries force row level security;
        create policy owner_all on register_entries as permissive for all to owner using (true) with check (true);
        create policy gate_select on register_entries as permissive for select to gate using (true);
        create policy everyone_select on register_entries as permissive for select to app using (true);
        create policy region_insert on register_entries as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on register_entries as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on register_entries to app;
        grant select on register_entries to app;
        grant update on register_entries to app;
        grant select on register_entries to gate
        """)
    op.execute("""
        alter table frameworks enable row level security;
        alter table frameworks force row level security;
        create policy owner_all on frameworks as permissive for all to owner using (true) with check (true);
        create policy gate_select on frameworks as permissive for select to gate using (true);
        create policy published_select on frameworks as permissive for select to app using (published_at is not null);
        create policy loader_insert on frameworks as permissive for insert to app with check ((select tenancy.is_operator()) or region_id = (select tenancy.region()));
        grant insert on frameworks to app;
        grant select on frameworks to app;
        grant select on frameworks to gate
        """)
    op.execute("""
        alter table process_versions enable row level security;
        alter table process_versions force row level security;
        create policy owner_all on process_versions as permissive for all to owner using (true) with check (true);
        create policy gate_select on process_versions as permissive for select to gate using (true);
        create policy region_select on process_versions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on process_versions as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy home_select on process_versions as permissive for select to app using (region_id = (select tenancy.home_region()));
        grant insert on process_versions to app;
        grant select on process_versions to app;
        grant select on process_versions to gate
        """)
    op.execute("""
        alter table accreditations enable row level security;
        alter table accreditations force row level security;
        create policy owner_all on accreditations as permissive for all to owner using (true) with check (true);
        create policy gate_select on accreditations as permissive for select to gate using (true);
        create policy council_select on accreditations as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on accreditations as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on accreditations as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy region_select on accreditations as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_update on accreditations as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy file_select on accreditations as permissive for select to app using (id = (select tenancy.open_file()));
        grant insert on accreditations to app;
        grant select on accreditations to app;
        grant update on accreditations to app;
        grant select on accreditations to gate
        """)
    op.execute("""
        alter table requirements enable row level security;
        alter table requirements force row level security;
        create policy owner_all on requirements as permissive for all to owner using (true) with check (true);
        create policy gate_select on requirements as permissive for select to gate using (true);
        create policy published_select on requirements as permissive for select to app using (true);
        create policy loader_insert on requirements as permissive for insert to app with check (tenancy.may_load(framework_id));
        grant insert on requirements to app;
        grant select on requirements to app;
        grant select on requirements to gate
        """)
    op.execute("""
        alter table answers enable row level security;
        alter table answers force row level security;
        create policy owner_all on answers as permissive for all to owner using (true) with check (true);
        create policy gate_select on answers as permissive for select to gate using (true);
        create policy council_select on answers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on answers as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on answers as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on answers as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on answers to app;
        grant insert on answers to app;
        grant select on answers to app;
        grant update on answers to app;
        grant select on answers to gate
        """)
    op.execute("""
        alter table assignments enable row level security;
        alter table assignments force row level security;
        create policy owner_all on assignments as permissive for all to owner using (true) with check (true);
        create policy gate_select on assignments as permissive for select to gate using (true);
        create policy region_select on assignments as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on assignments as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on assignments as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy user_select on assignments as permissive for select to app using (user_id = (select tenancy.user_id()));
        create policy user_update on assignments as permissive for update to app using (user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null) with check (user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null);
        grant insert on assignments to app;
        grant select on assignments to app;
        grant update on assignments to app;
        grant select on assignments to gate
        """)
    op.execute("""
        alter table awards enable row level security;
        alter table awards force row level security;
        create policy owner_all on awards as permissive for all to owner using (true) with check (true);
        create policy gate_select on awards as permissive for select to gate using (true);
        create policy council_select on awards as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on awards as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on awards as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on awards as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on awards to app;
        grant select on awards to app;
        grant update on awards to app;
        grant select on awards to gate
        """)
    op.execute("""
        alter table decisions enable row level security;
        alter table decisions force row level security;
        create policy owner_all on decisions as permissive for all to owner using (true) with check (true);
        create policy gate_select on decisions as permissive for select to gate using (true);
        create policy region_select on decisions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on decisions as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy outsiders_only on decisions as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on decisions to app;
        grant select on decisions to app;
        grant select on decisions to gate
        """)
    op.execute("""
        alter table declaration_signatures enable row level security;
        alter table declaration_signatures force row level security;
        create policy owner_all on declaration_signatures as permissive for all to owner using (true) with check (true);
        create policy gate_select on declaration_signatures as permissive for select to gate using (true);
        create policy council_select on declaration_signatures as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on declaration_signatures as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on declaration_signatures as permissive for select to app using (region_id = (select tenancy.region()));
        grant insert on declaration_signatures to app;
        grant select on declaration_signatures to app;
        grant select on declaration_signatures to gate
        """)
    op.execute("""
        alter table moderations enable row level security;
        alter table moderations force row level security;
        create policy owner_all on moderations as permissive for all to owner using (true) with check (true);
        create policy gate_select on moderations as permissive for select to gate using (true);
        create policy region_select on moderations as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on moderations as permissive for insert to app with check (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[]));
        create policy outsiders_only on moderations as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on moderations to app;
        grant select on moderations to app;
        grant select on moderations to gate
        """)
    op.execute("""
        alter table report_drafts enable row level security;
        alter table report_drafts force row level security;
        create policy owner_all on report_drafts as permissive for all to owner using (true) with check (true);
        create policy gate_select on report_drafts as permissive for select to gate using (true);
        create policy region_select on report_drafts as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on report_drafts as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on report_drafts as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        create policy outsiders_only on report_drafts as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on report_drafts to app;
        grant select on report_drafts to app;
        grant update on report_drafts to app;
        grant select on report_drafts to gate
        """)
    op.execute("""
        alter table reports enable row level security;
        alter table reports force row level security;
        create policy owner_all on reports as permissive for all to owner using (true) with check (true);
        create policy gate_select on reports as permissive for select to gate using (true);
        create policy council_select on reports as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on reports as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on reports as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy file_select on reports as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on reports to app;
        grant select on reports to app;
        grant select on reports to gate
        """)
    op.execute("""
        alter table seal_requests enable row level security;
        alter table seal_requests force row level security;
        create policy owner_all on seal_requests as permissive for all to owner using (true) with check (true);
        create policy gate_select on seal_requests as permissive for select to gate using (true);
        create policy council_select on seal_requests as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on seal_requests as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on seal_requests as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        grant insert on seal_requests to app;
        grant select on seal_requests to app;
        grant update on seal_requests to app;
        grant select on seal_requests to gate
        """)
    op.execute("""
        alter table answer_actions enable row level security;
        alter table answer_actions force row level security;
        create policy owner_all on answer_actions as permissive for all to owner using (true) with check (true);
        create policy gate_select on answer_actions as permissive for select to gate using (true);
        create policy council_select on answer_actions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on answer_actions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on answer_actions as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on answer_actions as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on answer_actions to app;
        grant insert on answer_actions to app;
        grant select on answer_actions to app;
        grant update on answer_actions to app;
        grant select on answer_actions to gate
        """)
    op.execute("""
        alter table citations enable row level security;
        alter table citations force row level security;
        create policy owner_all on citations as permissive for all to owner using (true) with check (true);
        create policy gate_select on citations as permissive for select to gate using (true);
        create policy council_select on citations as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on citations as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on citations as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on citations as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on citations to app;
        grant insert on citations to app;
        grant select on citations to app;
        grant update on citations to app;
        grant select on citations to gate
        """)
    op.execute("""
        alter table improvements enable row level security;
        alter table improvements force row level security;
        create policy owner_all on improvements as permissive for all to owner using (true) with check (true);
        create policy gate_select on improvements as permissive for select to gate using (true);
        create policy council_select on improvements as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on improvements as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on improvements as permissive for insert to app with check (region_id = (select tenancy.region()));
        create policy region_update on improvements as permissive for update to app using (region_id = (select tenancy.region())) with check (region_id = (select tenancy.region()));
        grant insert on improvements to app;
        grant select on improvements to app;
        grant update on improvements to app;
        grant select on improvements to gate
        """)
    op.execute("""
        alter table report_comments enable row level security;
        alter table report_comments force row level security;
        create policy owner_all on report_comments as permissive for all to owner using (true) with check (true);
        create policy gate_select on report_comments as permissive for select to gate using (true);
        create policy council_select on report_comments as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on report_comments as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on report_comments as permissive for select to app using (region_id = (select tenancy.region()));
        grant insert on report_comments to app;
        grant select on report_comments to app;
        grant select on report_comments to gate
        """)
    op.execute("""
        alter table score_drafts enable row level security;
        alter table score_drafts force row level security;
        create policy owner_all on score_drafts as permissive for all to owner using (true) with check (true);
        create policy gate_select on score_drafts as permissive for select to gate using (true);
        create policy own_all on score_drafts as permissive for all to app using (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file())) with check (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy outsiders_only on score_drafts as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant delete on score_drafts to app;
        grant insert on score_drafts to app;
        grant select on score_drafts to app;
        grant update on score_drafts to app;
        grant select on score_drafts to gate
        """)
    op.execute("""
        alter table scores enable row level security;
        alter table scores force row level security;
        create policy owner_all on scores as permissive for all to owner using (true) with check (true);
        create policy gate_select on scores as permissive for select to gate using (true);
        create policy own_select on scores as permissive for select to app using (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy own_insert on scores as permissive for insert to app with check (user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file()));
        create policy others_select on scores as permissive for select to app using (accreditation_id = (select tenancy.revealed_file()));
        create policy region_select on scores as permissive for select to app using (region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[]));
        create policy outsiders_only on scores as restrictive for all to app using (council_id <> all ((select tenancy.own_councils())::uuid[])) with check (council_id <> all ((select tenancy.own_councils())::uuid[]));
        grant insert on scores to app;
        grant select on scores to app;
        grant select on scores to gate
        """)
    op.execute("""
        alter table submissions enable row level security;
        alter table submissions force row level security;
        create policy owner_all on submissions as permissive for all to owner using (true) with check (true);
        create policy gate_select on submissions as permissive for select to gate using (true);
        create policy council_select on submissions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on submissions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on submissions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on submissions as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on submissions to app;
        grant select on submissions to app;
        grant select on submissions to gate
        """)
    op.execute("""
        alter table improvement_actions enable row level security;
        alter table improvement_actions force row level security;
        create policy owner_all on improvement_actions as permissive for all to owner using (true) with check (true);
        create policy gate_select on improvement_actions as permissive for select to gate using (true);
        create policy council_select on improvement_actions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on improvement_actions as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on improvement_actions as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on improvement_actions as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on improvement_actions to app;
        grant insert on improvement_actions to app;
        grant select on improvement_actions to app;
        grant update on improvement_actions to app;
        grant select on improvement_actions to gate
        """)
    op.execute("""
        alter table improvement_progress enable row level security;
        alter table improvement_progress force row level security;
        create policy owner_all on improvement_progress as permissive for all to owner using (true) with check (true);
        create policy gate_select on improvement_progress as permissive for select to gate using (true);
        create policy council_select on improvement_progress as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on improvement_progress as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on improvement_progress as permissive for select to app using (region_id = (select tenancy.region()));
        grant insert on improvement_progress to app;
        grant select on improvement_progress to app;
        grant select on improvement_progress to gate
        """)
    op.execute("""
        alter table replies enable row level security;
        alter table replies force row level security;
        create policy owner_all on replies as permissive for all to owner using (true) with check (true);
        create policy gate_select on replies as permissive for select to gate using (true);
        create policy council_select on replies as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on replies as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on replies as permissive for select to app using (region_id = (select tenancy.region()));
        grant insert on replies to app;
        grant select on replies to app;
        grant select on replies to gate
        """)
    op.execute("""
        alter table reply_drafts enable row level security;
        alter table reply_drafts force row level security;
        create policy owner_all on reply_drafts as permissive for all to owner using (true) with check (true);
        create policy gate_select on reply_drafts as permissive for select to gate using (true);
        create policy council_select on reply_drafts as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on reply_drafts as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy council_update on reply_drafts as permissive for update to app using (council_id = (select tenancy.council())) with check (council_id = (select tenancy.council()));
        create policy council_delete on reply_drafts as permissive for delete to app using (council_id = (select tenancy.council()));
        grant delete on reply_drafts to app;
        grant insert on reply_drafts to app;
        grant select on reply_drafts to app;
        grant update on reply_drafts to app;
        grant select on reply_drafts to gate
        """)
    op.execute("""
        alter table report_comment_answers enable row level security;
        alter table report_comment_answers force row level security;
        create policy owner_all on report_comment_answers as permissive for all to owner using (true) with check (true);
        create policy gate_select on report_comment_answers as permissive for select to gate using (true);
        create policy council_select on report_comment_answers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on report_comment_answers as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on report_comment_answers as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on report_comment_answers to app;
        grant select on report_comment_answers to app;
        grant select on report_comment_answers to gate
        """)
    op.execute("""
        alter table submission_answers enable row level security;
        alter table submission_answers force row level security;
        create policy owner_all on submission_answers as permissive for all to owner using (true) with check (true);
        create policy gate_select on submission_answers as permissive for select to gate using (true);
        create policy council_select on submission_answers as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on submission_answers as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on submission_answers as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on submission_answers as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on submission_answers to app;
        grant select on submission_answers to app;
        grant select on submission_answers to gate
        """)
    op.execute("""
        alter table submission_decisions enable row level security;
        alter table submission_decisions force row level security;
        create policy owner_all on submission_decisions as permissive for all to owner using (true) with check (true);
        create policy gate_select on submission_decisions as permissive for select to gate using (true);
        create policy council_select on submission_decisions as permissive for select to app using (council_id = (select tenancy.council()));
        create policy region_select on submission_decisions as permissive for select to app using (region_id = (select tenancy.region()));
        create policy region_insert on submission_decisions as permissive for insert to app with check (region_id = (select tenancy.region()));
        grant insert on submission_decisions to app;
        grant select on submission_decisions to app;
        grant select on submission_decisions to gate
        """)
    op.execute("""
        alter table submission_files enable row level security;
        alter table submission_files force row level security;
        create policy owner_all on submission_files as permissive for all to owner using (true) with check (true);
        create policy gate_select on submission_files as permissive for select to gate using (true);
        create policy council_select on submission_files as permissive for select to app using (council_id = (select tenancy.council()));
        create policy council_insert on submission_files as permissive for insert to app with check (council_id = (select tenancy.council()));
        create policy region_select on submission_files as permissive for select to app using (region_id = (select tenancy.region()));
        create policy file_select on submission_files as permissive for select to app using (accreditation_id = (select tenancy.open_file()));
        grant insert on submission_files to app;
        grant select on submission_files to app;
        grant select on submission_files to gate
        """)


def downgrade() -> None:
    op.drop_index('ix_submission_files_accreditation_id', table_name='submission_files')
    op.drop_table('submission_files')
    op.drop_table('submission_decisions')
    op.drop_index('ix_submission_answers_region_id_requirement_id', table_name='submission_answers')
    op.drop_index('ix_submission_answers_accreditation_id', table_name='submission_answers')
    op.drop_table('submission_answers')
    op.drop_table('report_comment_answers')
    op.drop_table('reply_drafts')
    op.drop_index('ix_replies_region_id', table_name='replies')
    op.drop_index('ix_replies_council_id_improvement_id', table_name='replies')
    op.drop_table('replies')
    op.drop_index('ix_improvement_progress_council_id_improvement_id', table_name='improvement_progress')
    op.drop_table('improvement_progress')
    op.drop_table('improvement_actions')
    op.drop_index('ix_submissions_region_id', table_name='submissions')
    op.drop_index('ix_submissions_accreditation_id', table_name='submissions')
    op.drop_table('submissions')
    op.drop_index('ix_scores_region_id_requirement_id', table_name='scores')
    op.drop_index('ix_scores_accreditation_id', table_name='scores')
    op.drop_table('scores')
    op.drop_index('ix_score_drafts_accreditation_id_user_id', table_name='score_drafts')
    op.drop_table('score_drafts')
    op.drop_table('report_comments')
    op.drop_index('ix_improvements_region_id_criterion_code', table_name='improvements')
    op.drop_index('ix_improvements_accreditation_id', table_name='improvements')
    op.drop_table('improvements')
    op.drop_index('ix_citations_council_id_evidence_id', table_name='citations')
    op.drop_table('citations')
    op.drop_table('answer_actions')
    op.drop_index('uq_seal_requests_one_open', table_name='seal_requests', postgresql_where='done_at is null and failed_at is null')
    op.drop_table('seal_requests')
    op.drop_index('ix_reports_accreditation_id', table_name='reports')
    op.drop_table('reports')
    op.drop_table('report_drafts')
    op.drop_index('ix_moderations_accreditation_id', table_name='moderations')
    op.drop_table('moderations')
    op.drop_index('ix_declaration_signatures_accreditation', table_name='declaration_signatures')
    op.drop_table('declaration_signatures')
    op.drop_table('decisions')
    op.drop_index('ix_awards_region_id_valid_to_on', table_name='awards')
    op.drop_table('awards')
    op.drop_index('uq_assignments_current', table_name='assignments', postgresql_where='withdrawn_at is null')
    op.drop_index('ix_assignments_user_id', table_name='assignments')
    op.drop_index('ix_assignments_accreditation_id', table_name='assignments')
    op.drop_table('assignments')
    op.drop_table('answers')
    op.drop_index('ix_requirements_framework_id_position', table_name='requirements')
    op.drop_table('requirements')
    op.drop_index('uq_accreditations_one_under_way', table_name='accreditations', postgresql_where="stage not in ('awarded', 'not_yet', 'withdrawn', 'lapsed', 'ended')")
    op.drop_index('ix_accreditations_region_id_stage', table_name='accreditations')
    op.drop_index('ix_accreditations_id', table_name='accreditations')
    op.drop_table('accreditations')
    op.drop_table('process_versions')
    op.drop_table('frameworks')
    op.drop_index('ix_register_entries_region_id', table_name='register_entries')
    op.drop_table('register_entries')
