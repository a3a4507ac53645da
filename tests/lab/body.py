"""Bodies: a person of any build as a rest mesh with bones, and the few landmarks that the truth needs.

Frames: the rest body faces -Y with Z up, its own left is +X. Everything is in metres.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RGB = tuple[int, int, int]

CACHE_VARIABLE = "FORMCHECK_LAB_CACHE"
"""Environment variable that names the folder where rest meshes are kept (building one takes 12 s)."""

TRAITS = ("sex", "age", "muscle", "weight", "proportions")
"""What of a figure makes its mesh."""

KEPT_BONES = (
    "root", "spine05", "spine04", "spine03", "spine02", "spine01", "neck01", "neck02", "neck03", "head",
    *(f"{bone}.{side}" for side in "LR" for bone in (
        "pelvis", "upperleg01", "upperleg02", "lowerleg01", "lowerleg02", "foot", "clavicle", "shoulder01",
        "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")),
)  # fmt: skip
"""Bones that are posed; fingers, toes and eyes follow the nearest of these, which keeps skinning cheap."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, sRGB 0-255, the style of the hair ("short", "long", "bald") and how loose the clothes are, 0-1."""

    skin: RGB = (205, 150, 120)
    top: RGB = (60, 90, 150)
    trousers: RGB = (45, 45, 55)
    hair: RGB = (60, 42, 30)
    socks: RGB | None = None
    hair_thickness_m: float = 0.012
    hair_style: str = "short"
    loose: float = 0.0

    def paint(self, palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The colours of the zones (3, zones, 3) as they are worn; a finer palette may come back."""
        return palette


@dataclass(frozen=True, slots=True)
class Figure:
    """Who the patient is.

    ``sex`` runs from 0 (male) to 1 (female), ``age`` from 0.67 (young adult) to 1 (about 90), the others from 0 to 1
    as MakeHuman has them. The mesh is scaled to ``height_m`` exactly.
    """

    name: str
    sex: float
    age: float
    muscle: float
    weight: float
    height_m: float
    proportions: float = 0.5
    look: Look = field(default_factory=Look)

    def mould(self, body: RestBody) -> RestBody:
        """The rest body as it is shaped: as the mesh has it."""
        return body


@dataclass(frozen=True, slots=True)
class RestBody:
    """A body at rest.

    Attributes: ``vertices_m`` (N, 3), ``faces`` (F, 3), ``heads_m`` (B, 3) joint centres, ``parents`` (B,),
    ``weights`` (N, B) summing to 1, ``names`` (B,), ``points`` landmark name to (3,), ``bound_to`` landmark name to
    the bone that carries it, ``is_eye`` (N,), ``dominant`` (N,) the bone that
    carries most of a vertex.
    """

    figure: Figure
    vertices_m: Floats
    faces: Ints
    heads_m: Floats
    parents: Ints
    weights: Floats
    names: tuple[str, ...]
    points: dict[str, Floats]
    bound_to: dict[str, int]
    is_eye: NDArray[np.bool_]
    dominant: Ints

    def bone(self, name: str) -> int:
        """Return the index of a bone."""
        return self.names.index(name)

    def carried_by(self, *prefixes: str) -> NDArray[np.bool_]:
        """Mark the vertices whose main bone's name starts with one of ``prefixes``, (N,)."""
        bones = [i for i, name in enumerate(self.names) if name.startswith(prefixes)]
        return np.isin(self.dominant, bones)


def load_body(figure: Figure) -> RestBody:
    """Build the rest body of a figure, or read it from the cache."""
    raw = _load_raw(figure)
    scale = figure.height_m / float(np.ptp(raw["vertices"][:, 2]))
    vertices, heads = raw["vertices"] * scale, raw["heads"] * scale
    names = tuple(str(name) for name in raw["names"])
    keep = [names.index(name) for name in KEPT_BONES]
    order = sorted(keep)
    target = _kept_ancestors(raw["parents"], order)
    weights = np.zeros((len(vertices), len(order)))
    np.add.at(weights, (np.arange(len(vertices))[:, None], target[raw["weight_bones"]]), raw["weights"])
    weights /= weights.sum(axis=1, keepdims=True)
    parents = np.array([-1 if raw["parents"][i] < 0 else target[raw["parents"][i]] for i in order])
    kept_names = tuple(names[i] for i in order)
    eyes = [i for i, name in enumerate(names) if name.startswith("eye")]
    is_eye = np.isin(raw["weight_bones"][np.arange(len(vertices)), raw["weights"].argmax(1)], eyes)
    points, bound = _landmarks(vertices, heads, weights, names, kept_names)
    body = RestBody(
        figure=figure,
        vertices_m=vertices,
        faces=raw["faces"],
        heads_m=heads[order],
        parents=parents,
        weights=weights,
        names=kept_names,
        points=points,
        bound_to=bound,
        is_eye=is_eye,
        dominant=np.argmax(weights, axis=1),
    )
    return figure.mould(body)


def _kept_ancestors(parents: Ints, kept: list[int]) -> Ints:
    """Map every bone to the position in ``kept`` of itself or of its nearest kept ancestor."""
    target = np.zeros(len(parents), dtype=np.int64)
    for bone in range(len(parents)):
        walk = bone
        while walk not in kept:
            walk = int(parents[walk])
        target[bone] = kept.index(walk)
    return target


def _landmarks(
    vertices: Floats, heads: Floats, weights: Floats, names: tuple[str, ...], kept: tuple[str, ...]
) -> tuple[dict[str, Floats], dict[str, int]]:
    """Find surface landmarks and hand bones at rest, each with the bone that carries it."""
    points: dict[str, Floats] = {}
    bound: dict[str, int] = {}
    dominant = weights.argmax(axis=1)
    head = np.flatnonzero(dominant == kept.index("head"))
    middle = head[np.abs(vertices[head, 0]) < 0.01]
    points["nose"] = vertices[middle[vertices[middle, 1].argmin()]]
    bound["nose"] = kept.index("head")
    for side, sign in (("L", 1.0), ("R", -1.0)):
        points[f"ear.{side}"] = vertices[head[(sign * vertices[head, 0]).argmax()]]
        bound[f"ear.{side}"] = kept.index("head")
        foot = np.flatnonzero(dominant == kept.index(f"foot.{side}"))
        points[f"heel.{side}"] = vertices[foot[vertices[foot, 1].argmax()]]
        points[f"toe.{side}"] = vertices[foot[vertices[foot, 1].argmin()]]
        bound[f"heel.{side}"] = bound[f"toe.{side}"] = kept.index(f"foot.{side}")
        for finger in ("finger2-1", "finger3-1", "finger5-1"):
            points[f"{finger}.{side}"] = heads[names.index(f"{finger}.{side}")]
            bound[f"{finger}.{side}"] = kept.index(f"wrist.{side}")
    return points, bound


def _load_raw(figure: Figure) -> dict[str, Any]:
    """Read the figure's raw mesh from the cache, building it on a miss."""
    traits = {name: getattr(figure, name) for name in TRAITS}
    traits["height"] = 0.45
    key = hashlib.sha256(repr(sorted(traits.items())).encode()).hexdigest()[:16]
    folder = Path(os.environ.get(CACHE_VARIABLE, Path(tempfile.gettempdir()) / "formcheck-lab"))
    path = folder / f"body-{key}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        arrays = _build_raw(traits)
        scratch = path.with_suffix(f".{os.getpid()}.npz")
        np.savez_compressed(scratch, **arrays)
        scratch.replace(path)
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


@cache
def _model() -> Any:
    """Anny's model; loading it takes longer than building a body with it."""
    import anny

    model = anny.Anny()
    model.set_skinning_method("lbs")
    return model


def _build_raw(traits: dict[str, float]) -> dict[str, Any]:
    """Ask anny for the rest mesh of one set of traits."""
    model = _model()
    phenotype = {**traits, "gender": traits["sex"]}
    phenotype.pop("sex")
    rest = model(phenotype_kwargs=phenotype)
    return {
        "vertices": rest["rest_vertices"][0].numpy(),
        "heads": rest["rest_bone_poses"][0, :, :3, 3].numpy(),
        "faces": model.faces.numpy(),
        "parents": np.asarray(model.bone_parents, dtype=np.int64),
        "weights": model.vertex_bone_weights.numpy(),
        "weight_bones": model.vertex_bone_indices.numpy(),
        "names": np.array(model.bone_labels),
    }
