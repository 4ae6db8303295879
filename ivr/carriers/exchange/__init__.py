"""The built-in telephone exchange: Twilio's contract from the other side, so that no account is needed.

`line.py` takes subscribers (browser phone, test calls, tests) on `/exchange/line`; `exchange.py` keeps the calls;
`call.py` carries out the TwiML that the webhooks answer (`verbs.py`), above all the Media Stream (`stream.py`);
`rest.py` answers the REST calls; `asgi.py` is both as one ASGI application; `phone.py` is a telephone for programs.
"""
