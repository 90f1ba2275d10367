"""SunSpec Modbus: converters, batteries and meters that describe themselves."""
