"""Versions of process definitions, on both databases."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.process import ProcessDefinition
from models.session import transaction
from workflows import deployments, instances
from workflows.actors import Actor
from workflows.errors import AlreadyServing, BadDefinition, SamePerson
from workflows.linter import Known, Outline

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ADMIN = Actor(1, "Trịnh Công Hưng", ())


@pytest.fixture
def session(empty):
    with Session(empty) as opened, opened.begin():
        yield opened


@pytest.fixture
def old(draw):
    return draw.one_step('name="Hỏi"')


@pytest.fixture
def new(draw):
    return draw.one_step('name="Hỏi lại"')


def deploy(session, xml, *, confirmed=True):
    row = deployments.deploy(session, xml, deployed_by=1, now=NOW)
    if confirmed:
        deployments.confirm(session, row, confirmed_by=2, now=NOW + timedelta(days=1))
    return row


def start(session, row, number):
    return instances.start(
        session,
        row,
        business_key=f"NP-{number}",
        variables={},
        actor=ADMIN,
        post=None,
        now=NOW,
    )


def test_deploy_keeps_the_file_as_version_one(session, old):
    row = deploy(session, old, confirmed=False)

    session.expire_all()
    assert (row.key, row.version, row.xml) == ("leave", 1, old)
    assert (row.deployed_by, row.deployed_at) == (1, NOW)
    assert (row.confirmed_by, row.confirmed_at) == (None, None)


def test_identical_content_is_no_new_version(session, old, new):
    first, second = deploy(session, old), deploy(session, new)

    assert deploy(session, old, confirmed=False) is first
    assert deploy(session, new, confirmed=False) is second
    assert session.scalar(select(func.count(ProcessDefinition.id))) == 2


def test_changed_content_is_the_next_version(session, draw):
    files = [draw.one_step(f'name="{n}"') for n in range(3)]

    assert [deploy(session, xml).version for xml in files] == [1, 2, 3]


def test_bad_file_is_not_kept(session):
    with pytest.raises(BadDefinition):
        deploy(session, b"no xml")

    assert session.scalar(select(func.count(ProcessDefinition.id))) == 0


def test_latest_is_the_newest_confirmed_version(session, old, new, draw):
    deploy(session, old)
    second = deploy(session, new)
    deploy(session, draw.one_step('name="Chưa ai duyệt"'), confirmed=False)

    assert deployments.latest(session, "leave") is second


def test_unconfirmed_version_does_not_serve(session, old):
    row = deploy(session, old, confirmed=False)

    with pytest.raises(BadDefinition) as refused:
        deployments.latest(session, "leave")
    assert str(refused.value) == "Quy trình “leave” chưa có phiên bản nào được xác nhận."

    deployments.confirm(session, row, confirmed_by=2, now=NOW)
    assert deployments.latest(session, "leave") is row


def test_unknown_process_is_refused(session):
    with pytest.raises(BadDefinition):
        deployments.latest(session, "holiday")


def test_confirm_keeps_who_and_when(session, old):
    row = deploy(session, old)

    session.expire_all()
    assert row.confirmed_by == 2
    assert row.confirmed_at == NOW + timedelta(days=1)


def test_instances_keep_the_version_they_started_on(session, old, new):
    before = start(session, deploy(session, old), 1)
    deploy(session, new)
    after = start(session, deployments.latest(session, "leave"), 2)

    names = [
        deployments.definition_of(session, instance).elements["ask"].name
        for instance in (before, after)
    ]
    assert names == ["Hỏi", "Hỏi lại"]


def test_instances_in_one_place_share_one_state(session, old):
    row = deploy(session, old)

    assert start(session, row, 1).state_hash == start(session, row, 2).state_hash


def test_parsed_reads_the_file_once(session, old):
    row = deploy(session, old)

    assert deployments.parsed(session, row) is deployments.parsed(session, row)
    assert deployments.parsed(session, row).sha256 == row.sha256


def test_the_deployer_cannot_confirm(session, old):
    row = deploy(session, old, confirmed=False)

    with pytest.raises(SamePerson):
        deployments.confirm(session, row, confirmed_by=1, now=NOW)

    assert row.confirmed_by is None


def test_confirming_again_changes_nothing(session, old):
    row = deploy(session, old)

    deployments.confirm(session, row, confirmed_by=3, now=NOW)
    deployments.confirm(session, row, confirmed_by=1, now=NOW)

    assert (row.confirmed_by, row.confirmed_at) == (2, NOW + timedelta(days=1))


def test_an_installation_confirms_its_first_version_and_no_other(session, old, new):
    first = deploy(session, old, confirmed=False)
    deployments.confirm_first(session, first, now=NOW)
    second = deploy(session, new, confirmed=False)

    deployments.confirm_first(session, first, now=NOW)
    with pytest.raises(AlreadyServing):
        deployments.confirm_first(session, second, now=NOW)

    assert first.confirmed_by == deployments.AT_INSTALLATION
    assert second.confirmed_by is None


def test_every_lists_versions_newest_first(session, old, new):
    first, second = deploy(session, old), deploy(session, new, confirmed=False)

    assert list(deployments.every(session)) == [second, first]


def test_outlines_are_of_the_versions_that_serve(session, old, new, draw):
    deploy(session, old)
    deploy(session, draw.diagram('<bpmn:startEvent id="a" /><bpmn:endEvent id="b" />',
                                 draw.flow("c", "a", "b")), confirmed=False)  # fmt: skip

    found = deployments.outlines(session, Known())

    assert found == {"leave": Outline()}


def test_two_deploy_at_one_moment(empty, old, new):
    def deploy_alone(xml):
        with transaction(empty) as session:
            return deploy(session, xml).version

    with ThreadPoolExecutor(1) as pool:
        with transaction(empty) as first:
            version = deploy(first, old).version
            second = pool.submit(deploy_alone, new)
            wait([second], timeout=0.3)
            assert not second.done()
        assert (version, second.result()) == (1, 2)
