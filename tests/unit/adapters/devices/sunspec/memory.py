"""A unit's registers without a network."""

from battuta.domain.errors import DeviceError


class Memory:
    """Reads and writes an image as a unit would; refuses what the image does not hold."""

    def __init__(self, image, *, refuses_blocks=False):
        self.image = image
        self.refuses_blocks = refuses_blocks
        self.requests = []
        self.writes = []

    async def read(self, address, n_registers):
        self.requests.append((address, n_registers))
        start = address - self.image.base
        if start < 0 or start + n_registers > len(self.image.registers):
            message = "illegal data address"
            raise DeviceError(message)
        return self.image.registers[start : start + n_registers]

    async def write(self, address, values):
        if self.refuses_blocks and len(values) > 2:
            message = "illegal data value"
            raise DeviceError(message)
        self.writes.append((address, list(values)))
        self.image.write(address, values)
