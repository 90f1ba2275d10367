"""A way to ask that waits for nothing and knows what time it is, and a stand-in on the loopback."""

from datetime import UTC, datetime

import pytest

from battuta.adapters.markets.fault_server import FaultServer
from battuta.adapters.markets.http_fetch import HttpSource, Patience
from battuta.adapters.weather.open_meteo.client import OpenMeteoClient, OpenMeteoHosts

NOW = datetime(2026, 7, 10, 8, 30, tzinfo=UTC)


@pytest.fixture
def waits():
    """Waits that were asked for instead of done."""
    return []


@pytest.fixture
def serve():
    """Serve a stand-in on a real socket."""

    def serve(fake, **settings):
        return FaultServer(fake.reply, **settings)

    return serve


@pytest.fixture
def make_client(waits):
    def make(server, *, cache=None, offline=False, **settings):
        base_url = server if isinstance(server, str) else server.base_url
        source = HttpSource(
            name="open_meteo",
            now=lambda: NOW,
            cache=cache,
            offline=offline,
            patience=Patience(silence_s_max=5.0),
            sleep=waits.append,
        )
        hosts = OpenMeteoHosts(forecast=base_url, previous_runs=base_url, historical=base_url + "/")
        return OpenMeteoClient(source=source, now=lambda: NOW, hosts=hosts, **settings)

    return make
