"""/api/v1/campaigns/: rounds of visits of a team, and how far they are."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from relationships import actions, queries
from relationships.filters import CampaignFilters
from relationships.models import VisitCampaign


class CampaignShape(Shape):
    """A round of visits; running while `closed_at` is empty."""

    team_name = serializers.CharField(source="team.name", read_only=True)
    led_by_name = serializers.CharField(source="led_by.full_name", read_only=True)

    class Meta:
        model = VisitCampaign
        fields = (
            "id", "version", *actions.CAMPAIGN_FIELDS, "team", "team_name", "led_by", "led_by_name", "closed_at",
            "closed_by", "conclusion", "created_at", "updated_at",
        )  # fmt: skip


class CampaignInput(serializers.Serializer[Any]):
    """What a campaign says."""

    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=200)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    visits_each = serializers.IntegerField(min_value=1, max_value=20, required=False)


class NewCampaignInput(CampaignInput):
    """A new campaign, of the caller's team or one below it."""

    team = serializers.IntegerField(source="team_id", min_value=1)


class TargetsInput(serializers.Serializer[Any]):
    """Accounts to visit; `rep` goes there, or each account's owner."""

    accounts = serializers.ListField(
        source="account_ids", child=serializers.IntegerField(min_value=1), min_length=1, max_length=500
    )
    rep = serializers.IntegerField(source="rep_id", min_value=1, required=False)


class TargetInput(serializers.Serializer[Any]):
    """One account of the campaign."""

    account = serializers.IntegerField(source="account_id", min_value=1)


class AssignInput(TargetInput):
    """Who goes to it."""

    rep = serializers.IntegerField(source="rep_id", min_value=1)


class ConclusionInput(serializers.Serializer[Any]):
    """What came of it."""

    conclusion = serializers.CharField(max_length=300, allow_blank=True, required=False)


class TargetShape(serializers.Serializer[Any]):
    """An account of a campaign: visits wanted, made and planned there."""

    account = serializers.IntegerField(source="account_id")
    rep = serializers.IntegerField(source="rep_id")
    wanted = serializers.IntegerField()
    made = serializers.IntegerField()
    planned = serializers.IntegerField()
    last_on = serializers.DateField(allow_null=True)
    next_on = serializers.DateField(allow_null=True)


class ProgressShape(serializers.Serializer[Any]):
    """How far a campaign is; `targets` are those at accounts the caller sees."""

    accounts = serializers.IntegerField()
    done = serializers.IntegerField()
    wanted = serializers.IntegerField()
    made = serializers.IntegerField()
    planned = serializers.IntegerField()
    targets = TargetShape(many=True)


class CampaignViewSet(ResourceViewSet):
    """Campaigns of visits. A visit belongs to one by its `campaign`."""

    shape = CampaignShape
    rows = staticmethod(queries.visible_campaigns)
    one = staticmethod(queries.get_campaign)
    filterset_class = CampaignFilters
    sorts: ClassVar = {"id": "id", "starts_on": "starts_on"}

    @takes(NewCampaignInput, CampaignShape, status=201, summary="Open a campaign")
    def create(self, request: Request) -> Response:
        """Led by the caller."""
        campaign = actions.add_campaign(by=self.user, **self.read(NewCampaignInput))
        return self.answer(self.one(self.user, campaign.pk), status=201)

    @takes(CampaignInput, CampaignShape, summary="Edit a campaign")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(CampaignInput, partial=True)
        actions.edit_campaign(by=self.user, campaign_id=int(pk), version=self.version(), **changes)
        return self.answer(self.one(self.user, int(pk)))

    @takes(TargetsInput, ProgressShape, summary="Put accounts on the list")
    @action(detail=True, methods=["post"])
    def targets(self, request: Request, pk: str) -> Response:
        """Those on it already stay as they are."""
        actions.add_targets(by=self.user, campaign_id=int(pk), **self.read(TargetsInput))
        return self._progress(int(pk))

    @takes(AssignInput, ProgressShape, summary="Send somebody else to an account")
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Somebody of the campaign's team."""
        actions.assign_target(by=self.user, campaign_id=int(pk), **self.read(AssignInput))
        return self._progress(int(pk))

    @takes(TargetInput, ProgressShape, summary="Take an account off the list")
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """Its visits stay."""
        actions.remove_target(by=self.user, campaign_id=int(pk), **self.read(TargetInput))
        return self._progress(int(pk))

    @takes(None, ProgressShape, summary="How far a campaign is")
    @action(detail=True, methods=["get"])
    def progress(self, request: Request, pk: str) -> Response:
        """Visits made and planned against those wanted."""
        return self._progress(int(pk))

    @takes(ConclusionInput, CampaignShape, summary="Close a campaign")
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Planned visits stay planned."""
        values = self.read(ConclusionInput)
        actions.close_campaign(by=self.user, campaign_id=int(pk), version=self.version(), **values)
        return self.answer(self.one(self.user, int(pk)))

    def _progress(self, campaign_id: int) -> Response:
        campaign = self.one(self.user, campaign_id)
        standing = queries.standings([campaign])[campaign.pk]
        seen = queries.seen_accounts(self.user, standing)
        found = {name: getattr(standing, name) for name in ("accounts", "done", "wanted", "made", "planned")}
        targets = [target for target in standing.targets if target.account_id in seen]
        return Response(ProgressShape({**found, "targets": targets}).data)
