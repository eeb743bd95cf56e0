"""Bonuses by date, and certificates with their places on the blank and their book."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "base_salary",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        *_validity(),
        sa.UniqueConstraint("valid_from", name="uq_base_salary_valid_from"),
        sa.CheckConstraint("amount > 0", name="ck_base_salary_amount_positive"),
    )
    op.create_table(
        "bonus_multiple",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("award_id", sa.Integer(), sa.ForeignKey("award.id"), nullable=False),
        sa.Column(
            "nominee_kind",
            _closed("nominee_kind", "individual", "collective", "household"),
            nullable=False,
        ),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        *_validity(),
        sa.UniqueConstraint(
            "award_id",
            "nominee_kind",
            "valid_from",
            name="uq_bonus_multiple_award_id_nominee_kind_valid_from",
        ),
        sa.CheckConstraint("hundredths > 0", name="ck_bonus_multiple_hundredths_positive"),
    )
    op.create_table(
        "bonus_policy",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("rounds_up_to", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(200), nullable=False),
        *_validity(),
        sa.UniqueConstraint("valid_from", name="uq_bonus_policy_valid_from"),
        sa.CheckConstraint("rounds_up_to > 0", name="ck_bonus_policy_rounds_up_to_positive"),
    )
    op.create_table(
        "certificate_layout",
        sa.Column("award_id", sa.Integer(), sa.ForeignKey("award.id"), primary_key=True),
        sa.Column("page", _closed("page", "a3", "a4"), nullable=False),
        sa.Column("shift_x", sa.Integer(), nullable=False),
        sa.Column("shift_y", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
    )
    op.create_table(
        "certificate",
        sa.Column("nomination_id", _BIG, sa.ForeignKey("nomination.id"), primary_key=True),
        sa.Column("decision_id", _BIG, sa.ForeignKey("decision.id"), nullable=False),
        sa.Column("award_id", sa.Integer(), sa.ForeignKey("award.id"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("numbered_by", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "award_id", "year", "number", name="uq_certificate_award_id_year_number"
        ),
        sa.CheckConstraint("number > 0", name="ck_certificate_number_positive"),
    )
    op.create_index("ix_certificate_decision", "certificate", ["decision_id"])


def downgrade() -> None:
    for table in (
        "certificate",
        "certificate_layout",
        "bonus_policy",
        "bonus_multiple",
        "base_salary",
    ):
        op.drop_table(table)


def _validity() -> tuple[sa.Column, ...]:
    return (
        sa.Column("legal_basis", sa.String(300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
    )


def _closed(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
