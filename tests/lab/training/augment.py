"""Augmentation: what makes a crop look different and leaves the outline where it is."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from formcheck.pose.crop import HEIGHT, PX_PER_TL, WIDTH


def augment(crop: Tensor, offset_tl: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Change a batch of crops (n, 6, 96, 160) 0..255 float; the outlines (n, 17) move along where the crop does.

    Colours (gain and shift a channel, darkness), a smooth shade, noise, blur, rectangles that hide something, a mask
    that is missing, worn or wrong, limbs that aren't drawn, and a shift in depth.
    """
    count = len(crop)
    colours, mask = crop[:, :3], crop[:, 3:4]
    colours = colours[:, torch.from_numpy(rng.permutation(3))]
    gain = _uniform((count, 3, 1, 1), 0.6, 1.4) * _uniform((count, 1, 1, 1), 0.5, 1.25)
    colours = colours * gain + _uniform((count, 3, 1, 1), -25, 25)
    shade = functional.interpolate(torch.randn(count, 1, 4, 6), (HEIGHT, WIDTH), mode="bilinear", align_corners=False)
    texture = functional.interpolate(torch.randn(count, 1, HEIGHT // 4, WIDTH // 4), (HEIGHT, WIDTH))
    colours *= 1.0 + 0.15 * shade
    colours += texture * _uniform((count, 3, 1, 1), 0, 8)
    colours += torch.randn_like(colours) * _uniform((count, 1, 1, 1), 0, 9)
    soft = torch.from_numpy(np.flatnonzero(rng.random(count) < 0.25))
    colours[soft] = functional.avg_pool2d(colours[soft], 3, 1, 1)
    crop = torch.cat([colours, _wear(mask, rng), _forget(crop[:, 4:], rng)], 1).clamp(0, 255)
    _hide(crop, rng)
    return _shift(crop, offset_tl, rng)


def _wear(mask: Tensor, rng: np.random.Generator) -> Tensor:
    """The mask blurred, moved by a pixel or two, grown or shrunk, or not there at all."""
    count = len(mask)
    worn = mask.numpy().copy()
    for i in range(count):
        kind = rng.random()
        if kind < 0.06:
            worn[i] = 0.0
        elif kind < 0.30:
            move = np.array([[1, 0, rng.normal(0, 1.5)], [0, 1, rng.normal(0, 1.5)]], np.float32)
            worn[i, 0] = cv2.warpAffine(worn[i, 0], move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
        elif kind < 0.45:
            size = int(rng.integers(2, 6))
            change = cv2.dilate if rng.random() < 0.65 else cv2.erode
            worn[i, 0] = change(worn[i, 0], np.ones((size, size), np.uint8))
        elif kind < 0.60:
            blob = np.zeros((HEIGHT, WIDTH), np.float32)
            centre = (int(rng.uniform(0, WIDTH)), int(rng.uniform(0.3, 0.9) * HEIGHT))
            axes = (int(rng.uniform(4, 30)), int(rng.uniform(2, 9)))
            cv2.ellipse(blob, centre, axes, 0, 0, 360, 255.0, -1)
            blob = cv2.GaussianBlur(blob, (0, 0), 2.0)
            worn[i, 0] = np.maximum(worn[i, 0], blob) if rng.random() < 0.7 else np.minimum(worn[i, 0], 255.0 - blob)
    return torch.from_numpy(worn)


def _forget(limbs: Tensor, rng: np.random.Generator) -> Tensor:
    """Now and then no limbs are drawn."""
    return limbs * torch.from_numpy((rng.random((len(limbs), 2, 1, 1)) > 0.05).astype(np.float32))


def _hide(crop: Tensor, rng: np.random.Generator) -> None:
    """A rectangle of one colour over some pictures, in place."""
    for i in np.flatnonzero(rng.random(len(crop)) < 0.2):
        x, y = int(rng.uniform(0, WIDTH)), int(rng.uniform(0, HEIGHT))
        w, h = int(rng.uniform(6, 50)), int(rng.uniform(6, 40))
        crop[i, :3, y : y + h, x : x + w] = torch.from_numpy(rng.uniform(0, 255, (3, 1, 1)).astype(np.float32))


def _shift(crop: Tensor, offset_tl: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Whole pixels up or down, the same for a batch."""
    rows = int(rng.integers(-8, 9))
    if rows:
        moved = torch.roll(crop, rows, 2)
        edge = crop[:, :, :1] if rows > 0 else crop[:, :, -1:]
        if rows > 0:
            moved[:, :, :rows] = edge
        else:
            moved[:, :, rows:] = edge
        crop, offset_tl = moved, offset_tl + rows / PX_PER_TL
    return crop, offset_tl


def _uniform(shape: tuple[int, ...], low: float, high: float) -> Tensor:
    return torch.rand(shape) * (high - low) + low
