"""What all REST calls to Twilio share: the package's client, sent to the account's API, and failures sorted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from ivr.carriers.twilio import errors

API = "https://api.twilio.com"
TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Account:
    """Whose calls these are: the account, its token, the number that messages come from, the API's base URL, and where
    the carrier tells what became of a message ("": nowhere)."""

    sid: str
    token: str
    number: str
    api: str = API
    callback: str = ""


class Failure(Protocol):
    """An error that says whether trying again is useless."""

    def __call__(self, reason: str, *, permanent: bool) -> Exception:
        """The error."""


def rest_of(account: Account) -> Client:
    """The twilio package's client."""
    return Client(account.sid, account.token, http_client=Redirected(account.api))


def checked(failure: Failure, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """The answer of a REST call; what goes wrong is raised as `failure`."""
    try:
        return call(*args, **options)
    except TwilioRestException as error:
        reason = errors.reason(error.code, error.status)
        raise failure(reason, permanent=errors.permanent(error.code, error.status)) from None
    except (TwilioException, RequestException, OSError) as error:
        raise failure(f"the carrier cannot be reached: {type(error).__name__}", permanent=False) from error


def refusal(error: TwilioException) -> tuple[int | None, int]:
    """The code and the HTTP status with which the carrier refused; (None, 0): it did not answer.

    A list that it refuses is a plain error with the response.
    """
    if isinstance(error, TwilioRestException):
        return error.code, error.status
    response = error.args[1] if len(error.args) > 1 else None
    if not isinstance(response, Response):
        return None, 0
    try:
        body = json.loads(response.text)
    except ValueError:
        body = None
    return body.get("code") if isinstance(body, dict) else None, response.status_code


class Redirected:
    """The twilio package's HTTP client, sending what is for Twilio's API to another base URL."""

    def __init__(self, api: str) -> None:
        self._api = api.rstrip("/")
        self._client = TwilioHttpClient(timeout=TIMEOUT_S)
        self._client.session.trust_env = self._api == API  # our own exchange is not behind a proxy

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """As `TwilioHttpClient.request`."""
        return self._client.request(method, self._here(url), *args, **options)

    def download(self, url: str, auth: tuple[str, str], most: int) -> bytes:
        """The body of a GET, at most so many bytes."""
        with self._client.session.get(self._here(url), auth=auth, timeout=TIMEOUT_S, stream=True) as response:
            if response.status_code != 200:
                raise TwilioRestException(response.status_code, "recording")
            return bytes(response.raw.read(most, decode_content=True))

    def _here(self, url: str) -> str:
        return self._api + url.removeprefix(API) if url.startswith(f"{API}/") else url
