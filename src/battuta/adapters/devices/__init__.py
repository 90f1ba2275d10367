"""Batteries, inverters and meters: SunSpec, register maps, MQTT, IEC 60870-5-104 and simulated ones."""
