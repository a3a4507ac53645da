"""Crowd scenes: who else is in the picture, by kind. Each kind occurs in several exercises.

Times are those of the demo clips: the dead bug's first repetition lasts from 2.0 to 7.3 s, the bird dog's to 6.8 s, the
bridge's to 10.1 s, the tilt's to 9.5 s.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from formcheck.system.assets import asset
from tests.lab.animal import ANIMAL
from tests.lab.crowd import Extra, Scene

Who = tuple[str, float, float]

bug = partial(Scene, exercise="dead-bug", reps=1, seconds=(0.0, 8.0))
long_bug = partial(Scene, exercise="dead-bug", reps=2, seconds=(0.0, 13.4))
dog = partial(Scene, exercise="bird-dog", reps=1, seconds=(0.0, 7.6))
bridge = partial(Scene, exercise="glute-bridge", reps=1, seconds=(0.0, 11.3))
tilt = partial(Scene, exercise="pelvic-tilt", reps=1, seconds=(0.0, 10.8))
Behind = partial(Extra, is_behind=True)


def demo(name: str, start_s: float, end_s: float) -> Who:
    """A rendered person of the clips that ship."""
    return str(asset("clips", f"demo-{name}.mp4")), start_s, end_s


def scenes(folder: Path | None) -> list[Scene]:
    """All scenes; without a folder of real clips those in which only rendered people are."""
    return [*rendered(), *(real(folder) if folder else [])]


def rendered() -> list[Scene]:
    """Scenes whose people are all rendered."""
    kneels, sits = demo("hip-flexor-stretch", 0.2, 1.8), demo("piriformis-stretch", 0.2, 1.6)
    leans, stands = demo("piriformis-stretch", 8.0, 12.0), demo("running", 0.2, 1.0)
    fours, animal = demo("bird-dog", 0.2, 1.8), (ANIMAL, 0.0, 5.0)
    return [
        bridge("bridge-kneels-beside", extras=(Behind(kneels, (0.45, 0.55), 0.7),)),
        dog("dog-kneels-down-beside", extras=(Behind(kneels, (1.2, 0.5), 0.75, (0.75, 0.5), start_s=2.5),)),
        bridge("bridge-bends-over", extras=(Behind(leans, (1.2, 0.45), 0.75, (0.5, 0.45), start_s=3.0),)),
        bug("bug-touches", extras=(Behind(fours, (0.8, 0.62), 0.5, is_mirrored=True, start_s=1.0),)),
        bug("bug-hides-chest", extras=(Extra(fours, (0.8, 0.62), 0.5, is_mirrored=True, start_s=1.0),)),
        bridge("bridge-touches", extras=(Extra(fours, (0.1, 0.56), 0.5, start_s=3.0, end_s=8.0),)),
        dog("dog-touches", extras=(Behind(kneels, (1.2, 0.5), 0.7, (0.42, 0.45), start_s=2.5, is_mirrored=True),)),
        bridge("bridge-crosses", extras=(Extra(stands, (-0.2, 0.5), 0.95, (1.2, 0.5), 1.5, 4.0, 5.5),)),
        tilt("tilt-crosses-behind", extras=(Behind(stands, (-0.2, 0.4), 0.8, (1.2, 0.4), 2.5, 3.0, 5.5),)),
        bridge("bridge-sits-next", extras=(Extra(sits, (1.2, 0.55), 0.75, (0.9, 0.55), start_s=3.0),)),
        dog("dog-mirror", extras=(Extra(demo("bird-dog", 0.0, 7.6), (0.2, 0.2), 0.36, is_mirrored=True, frame=True),)),
        dog("dog-tv", extras=(Extra(demo("running", 2.0, 9.0), (0.15, 0.2), 0.38, frame=True),)),
        dog("dog-poster", extras=(Extra(demo("hip-flexor-stretch", 1.0, 1.1), (0.88, 0.2), 0.38, frame=True),)),
        bridge("bridge-poster", extras=(Extra(demo("dead-bug", 1.0, 1.05), (0.5, 0.2), 0.38, frame=True),)),
        bug("bug-animal", extras=(Extra(animal, (-0.2, 0.8), 0.38, (1.2, 0.8), 4.0, 2.0, 6.0),)),
        dog("dog-animal", extras=(Behind(animal, (1.2, 0.62), 0.45, (0.78, 0.62), start_s=2.0, is_mirrored=True),)),
        bridge("bridge-animal", extras=(Extra(animal, (1.2, 0.6), 0.4, (0.85, 0.62), start_s=2.0, is_mirrored=True),)),
        dog("dog-child", extras=(Extra(kneels, (1.2, 0.7), 0.35, (0.3, 0.7), start_s=2.0),)),
        dog("dog-same-clothes", extras=(Behind(fours, (1.2, 0.4), 0.35, (0.85, 0.42), start_s=2.0),)),
        bridge("bridge-two-stand", extras=(Behind(stands, (0.3, 0.4), 0.8), Behind(kneels, (0.62, 0.5), 0.7))),
        bug("bug-same-clothes", extras=(Behind(demo("dead-bug", 0.2, 1.8), (1.2, 0.5), 0.6, (0.80, 0.5), start_s=2.5,
                                               turns=3),)),
        bug("bug-mirror", extras=(Extra(demo("dead-bug", 0.0, 8.0), (0.7, 0.2), 0.36, is_mirrored=True, frame=True),)),
        tilt("tilt-exchange", seconds=(0.0, 22.0), changes=1, away_s=(10.5, 99), extras=(
            Extra(demo("glute-bridge", 0.2, 1.8), (0.5, 0.75), 0.33, start_s=12.5, end_s=17.0, is_heir=True),
            Extra(demo("glute-bridge", 1.8, 99), (0.5, 0.75), 0.33, start_s=17.0, is_heir=True)))
    ]  # fmt: skip


def real(folder: Path) -> list[Scene]:
    """Scenes with real people, from a folder."""

    def clip(name: str, start_s: float, end_s: float) -> Who:
        return str(folder / f"{name}.mp4"), start_s, end_s

    kneeling = clip("skatefit_half_kneeling_3rocks", 0.5, 3.4)
    leaning = clip("skatefit_half_kneeling_3rocks", 6.6, 7.6)
    talking = clip("pwa_bird_dog_6holds_with_talk", 54.0, 58.0)
    sitting = clip("skatefit_seated_figure4_3presses_3hugs", 0.5, 3.2)
    lies, lying = (clip("fitnesstransformer_dead_bug_4reps", 0.0, end) for end in (0.3, 12.0))
    fours, birds = (clip("pwa_bird_dog_6holds_with_talk", *span) for span in ((10.0, 15.0), (15.5, 34.0)))
    rests, bridges = (clip("healthassistant_bridge_5reps", 0.0, end) for end in (0.12, 99.0))
    return [
        bug("bug-kneels-beside", extras=(Behind(kneeling, (0.45, 0.56), 0.62),)),
        long_bug("bug-kneels-in-front", extras=(Extra(talking, (0.62, 0.70), 0.55, (0.45, 0.72), start_s=4, end_s=9),)),
        bug("bug-kneels-down-beside", extras=(Behind(kneeling, (1.2, 0.55), 0.62, (0.55, 0.55), start_s=3),)),
        bug("bug-two-kneel", extras=(Behind(kneeling, (0.3, 0.52), 0.6), Behind(talking, (0.72, 0.52), 0.6))),
        bug("bug-bends-over", extras=(Behind(leaning, (1.2, 0.5), 0.6, (0.6, 0.5), start_s=2.5),)),
        long_bug("bug-crosses", extras=(Extra(talking, (-0.2, 0.6), 0.8, (1.2, 0.6), 2.0, 4.0, 6.0),
                                        Extra(kneeling, (1.2, 0.6), 0.8, (-0.2, 0.6), 1.5, 8.0, 9.5))),
        bug("bug-sits-next", extras=(Extra(sitting, (1.2, 0.6), 0.75, (0.87, 0.62), start_s=3.0),)),
        bug("bug-child", extras=(Extra(kneeling, (1.2, 0.68), 0.36, (0.4, 0.72), start_s=2.0),)),
        bug("bug-tv", extras=(Extra(talking, (0.2, 0.2), 0.36, frame=True),)),
        bug("bug-poster", extras=(Extra((talking[0], 55.0, 55.1), (0.8, 0.2), 0.38, frame=True),)),
        long_bug("bug-helper-stays", extras=(Behind(talking, (0.8, 0.5), 0.6),), away_s=(8.2, 11.0), reps=1),
        long_bug("bug-exchange", seconds=(0.0, 26.0), away_s=(8.2, 99), changes=1, reps=4, extras=(
            Behind(kneeling, (0.86, 0.55), 0.6, end_s=10.2),
            Extra(lies, (0.5, 0.62), 0.5, start_s=10.2, end_s=14.0, is_heir=True),
            Extra(lying, (0.5, 0.62), 0.5, start_s=14.0, is_heir=True))),
        bridge("bridge-exchange", seconds=(0.0, 27.8), away_s=(10.8, 99), changes=1, reps=6, extras=(
            Extra(rests, (0.5, 0.72), 0.3, start_s=12.8, end_s=17.5, is_heir=True),
            Extra(bridges, (0.5, 0.72), 0.3, start_s=17.5, is_heir=True))),
        dog("dog-exchange", seconds=(0.0, 22.0), away_s=(7.2, 99), changes=1, reps=2, extras=(
            Behind(talking, (0.85, 0.55), 0.6, end_s=8.5, is_heir=True),
            Extra(fours, (0.5, 0.58), 0.55, start_s=8.5, end_s=13.0, is_heir=True),
            Extra(birds, (0.5, 0.58), 0.55, start_s=13.0, is_heir=True))),
        dog("dog-kneels-beside", extras=(Behind(kneeling, (0.2, 0.5), 0.7),)),
        dog("dog-kneels-over", extras=(Behind(talking, (1.2, 0.5), 0.75, (0.55, 0.5), start_s=3),)),
        dog("dog-crosses", seconds=(0.0, 8.6), extras=(Extra(kneeling, (-0.2, 0.5), 0.8, (1.2, 0.5), 2.0, 4.0, 6.0),)),
    ]  # fmt: skip
