"""Services and cities: what can be booked and where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from booking.areas import areas
from booking.errors import CityNotCovered, NotFound
from booking.services import cities, covered, services
from booking.zone import local_day
from console.api.answers import known
from console.api.deps import deps, now, reading
from console.api.fields import Id, Named, Path
from console.api.operations import Op, Routes
from console.api.paging import PageQuery, page
from models.areas import Area
from models.catalogue import CityRow, ServiceRow

routes = Routes("catalogue", "Catalogue")


class Document(BaseModel):
    """A document to be shown at the visit."""

    id: str
    name: Named


class Service(BaseModel):
    """A service. Fees in rupees, `days` in the department's working days; null: not known."""

    id: str
    name: Named
    fee: int | None
    visit_fee: int
    days: int | None
    documents: list[Document]
    since: date | None
    until: date | None
    offered: bool = Field(description="Whether it is offered today.")
    confirmed: bool = Field(description="False while fees, documents and days are sample data.")


class Services(BaseModel):
    """A page of services in their order."""

    items: list[Service]
    next: str | None


class Documents(BaseModel):
    """The documents for a service."""

    service: str
    items: list[Document]


class AreaView(BaseModel):
    """A part of a city with its own team and slots."""

    id: str
    name: Named
    kind: str
    places: list[str]
    pins: list[str]


class City(BaseModel):
    """A covered city. Where it has areas, slots and bookings need one."""

    id: str
    name: Named
    district: str
    also: list[str]
    areas: list[AreaView]


class Cities(BaseModel):
    """A page of cities in their order."""

    items: list[City]
    next: str | None


class ServicePath(Path):
    """A service."""

    service: Id


class CityPath(Path):
    """A city."""

    city: Id


@routes.get("/services", Op("catalogue:read", Services, etag=True))
def list_services(query: PageQuery) -> Response:
    """All services"""
    with reading() as session:
        rows, more = page(services(session), query, lambda s: s.id)
        return known(Services(items=[_service(s) for s in rows], next=more))


@routes.get("/services/<service>", Op("catalogue:read", Service, etag=True))
def read_service(path: ServicePath) -> Response:
    """One service"""
    with reading() as session:
        return known(_service(_found(session, path.service)))


@routes.get("/services/<service>/documents", Op("catalogue:read", Documents, etag=True))
def read_documents(path: ServicePath) -> Response:
    """The documents for a service"""
    with reading() as session:
        row = _found(session, path.service)
        return known(Documents(service=row.id, items=_documents(row.documents)))


@routes.get("/cities", Op("catalogue:read", Cities, etag=True))
def list_cities(query: PageQuery) -> Response:
    """All covered cities with their areas"""
    with reading() as session:
        rows, more = page(cities(session), query, lambda c: c.id)
        return known(Cities(items=[_city(session, c) for c in rows], next=more))


@routes.get("/cities/<city>", Op("catalogue:read", City, etag=True))
def read_city(path: CityPath) -> Response:
    """One city with its areas"""
    with reading() as session:
        try:
            return known(_city(session, covered(session, path.city)))
        except CityNotCovered:
            raise NotFound(path.city) from None


def _found(session: Session, id: str) -> ServiceRow:
    row = session.get(ServiceRow, id)
    if row is None:
        raise NotFound(id)
    return row


def _service(row: ServiceRow) -> Service:
    return Service(
        id=row.id,
        name=Named(hi=row.hi, en=row.en),
        fee=row.fee,
        visit_fee=deps().rules.visit_fee,
        days=row.days,
        documents=_documents(row.documents),
        since=row.since,
        until=row.until,
        offered=row.open_on(local_day(now())),
        confirmed=row.confirmed,
    )


def _documents(ids: Iterable[str]) -> list[Document]:
    name = deps().document_name
    return [Document(id=id, name=Named(hi=name("hi", id), en=name("en", id))) for id in ids]


def _city(session: Session, row: CityRow) -> City:
    parts = [_area(a) for a in areas(session, row.id)]
    return City(id=row.id, name=Named(hi=row.hi, en=row.en), district=row.district, also=row.also, areas=parts)


def _area(row: Area) -> AreaView:
    return AreaView(id=row.id, name=Named(hi=row.hi, en=row.en), kind=row.kind, places=row.places, pins=row.pins)
