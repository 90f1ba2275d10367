"""The inputs of BLAST-Lite's lives: a year of duty and climate on one clock, as it makes them itself."""

import numpy as np
import pandas as pd

YEAR_S = 365 * 86_400


def year_of(frame):
    """Repeated until a year of 365 days is full, as BLAST-Lite's `tile_to_one_year` does."""
    time_s = frame["Time_s"].to_numpy(np.float64)
    if time_s[-1] >= YEAR_S:
        return frame
    n = int(np.ceil(YEAR_S / time_s[-1]))
    step_s = np.diff(time_s, prepend=time_s[0])
    step_s[0] = np.median(step_s)
    again = np.cumsum(np.concatenate(([0.0], np.tile(step_s, n)[1:])))
    kept = int(np.argmax(again > YEAR_S))
    return pd.concat([frame] * n, ignore_index=True).iloc[:kept].assign(Time_s=again[:kept])


def profile(folder, duty, climate, step_s):
    """One year of duty and climate on one clock, 360 days of it, as BLAST-Lite's `assemble_one_year_input` does."""
    soc = pd.read_parquet(folder / "duty" / f"{duty}.parquet")[["Time_s", "SOC"]]
    if climate == "miami":
        file = pd.read_csv(folder / "climate" / "hourly_temperature_miami.csv", encoding="utf-8-sig")
        air = pd.DataFrame({"Time_s": file["t_hours"] * 3600.0, "Temperature_C": file["T_degC"]})
    else:
        air = pd.read_csv(folder / "climate" / "nsrdb_honolulu.csv")[["Time_s", "Temperature_C"]]
    both = pd.merge(year_of(soc), year_of(air), on="Time_s", how="outer").sort_values("Time_s").interpolate()
    both = both.set_index("Time_s").reindex(np.arange(0, 31_104_000, step_s)).reset_index()
    return tuple(both[each].to_numpy(np.float64) for each in ("Time_s", "SOC", "Temperature_C"))
