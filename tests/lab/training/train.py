"""Trains the back's model on samples, calibrates its doubt on bodies it never saw, and writes it for ONNX Runtime.

Run ``python -m tests.lab.training.train --samples DIR --out FILE``. Seeded; two cores take
about half an hour, a GPU a few minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from formcheck.pose.crop import PX_PER_TL, TOP_TL
from tests.lab.training.augment import augment
from tests.lab.training.network import ROWS, STRIDE, BackNet
from tests.lab.training.people import BODIES, HELD_OUT

EPOCHS, BATCH = 8, 64
RATE, DECAY = 3e-3, 1e-4
BLUR_ROWS = 0.7
"""Standard deviation of the wanted distribution over depths, rows: as sharp as truth and sub-pixel places allow."""
PLACE_SHARE = 10.0
"""Weight of the mean's own error, a torso length, against the cross-entropy."""
NLL_SHARE = 0.5
"""Weight of the doubt against the place."""
Z90 = 1.645
"""Half width of a 90 % interval, standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Crops (n, 6, 96, 160) uint8 with their outlines (n, 17), NaN where there is none, and who and what they show."""

    crop: Tensor
    offset_tl: Tensor
    body: np.ndarray
    exercise: np.ndarray

    def part(self, chosen: np.ndarray) -> Samples:
        """Some of them."""
        index = torch.from_numpy(np.flatnonzero(chosen))
        return Samples(self.crop[index], self.offset_tl[index], self.body[chosen], self.exercise[chosen])


def load(folder: Path) -> Samples:
    """Every shard of a folder."""
    shards = [dict(np.load(path)) for path in sorted(folder.glob("scenes-?????.npz"))]
    if not shards:
        raise SystemExit(f"No samples in {folder}. Make them first: python -m tests.lab.training.samples")
    whole = {name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]}
    return Samples(
        torch.from_numpy(whole["crop"]), torch.from_numpy(whole["offset_t"]), whole["body"], whole["exercise"]
    )


def loss_of(net: BackNet, crop: Tensor, true_tl: Tensor) -> Tensor:
    """Cross-entropy of the place plus the likelihood of the error under the doubt, over the known stations."""
    offset, log_sd, logits = net.read(crop)
    row = (true_tl + TOP_TL) * PX_PER_TL / STRIDE - 0.5
    known = torch.isfinite(row) & (row > 0.5) & (row < ROWS - 1.5)
    row = torch.where(known, row, torch.zeros_like(row))
    rows = torch.arange(ROWS, dtype=torch.float32, device=crop.device)[None, :, None]
    wanted = torch.softmax(-0.5 * ((rows - row[:, None]) / BLUR_ROWS) ** 2, 1)
    place = -(wanted * torch.log_softmax(logits.float(), 1)).sum(1)
    error = (offset.float() - torch.where(known, true_tl, offset.detach().float())).abs()
    # Laplace: a few outlines are far off (an arm, a wrong landmark) and must not widen all the others.
    doubt = error.detach() * torch.exp(-log_sd.float()) + log_sd.float()
    total = place + PLACE_SHARE * error + NLL_SHARE * doubt
    return (total * known).sum() / known.sum().clamp(min=1)


def train(samples: Samples, seed: int, device: str, epochs: int) -> BackNet:
    """Fit a network; the learning rate rises and falls once."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = BackNet().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    steps = epochs * (len(samples.crop) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.15)
    begun = time.monotonic()
    for epoch in range(epochs):
        order, losses = rng.permutation(len(samples.crop)), []
        for at in range(0, len(order) - BATCH + 1, BATCH):
            index = torch.from_numpy(order[at : at + BATCH])
            crop, true_tl = augment(samples.crop[index].float(), samples.offset_tl[index], rng)
            crop = crop.to(device=device, memory_format=torch.channels_last)
            with torch.autocast(device, dtype=torch.bfloat16):
                loss = loss_of(net, crop, true_tl.to(device))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            plan.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}/{epochs}: loss {np.mean(losses):.3f}, {time.monotonic() - begun:.0f} s", flush=True)
    return net.eval()


def predict(net: BackNet, crop: Tensor, device: str) -> tuple[np.ndarray, np.ndarray]:
    """Offsets and standard deviations of crops, torso lengths."""
    parts = []
    with torch.no_grad():
        for at in range(0, len(crop), 256):
            offset, log_sd = net(crop[at : at + 256].float().to(device))
            parts.append((offset.float().cpu().numpy(), np.exp(log_sd.float().cpu().numpy())))
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def calibrate(net: BackNet, held_out: Samples, device: str) -> float:
    """The factor that makes 90 % of the truth of unseen bodies lie within 1.645 standard deviations; built in."""
    offset, sd = predict(net, held_out.crop, device)
    ratio = np.abs(offset - held_out.offset_tl.numpy()) / sd
    factor = float(np.nanquantile(ratio, 0.90)) / Z90
    with torch.no_grad():
        assert net.doubt_out.bias is not None
        net.doubt_out.bias += np.log(factor)
    return factor


def describe(net: BackNet, held_out: Samples, device: str) -> dict[str, Any]:
    """Errors on bodies the network never saw, torso lengths."""
    offset, sd = predict(net, held_out.crop, device)
    error = np.abs(offset - held_out.offset_tl.numpy())
    surest = sd <= np.quantile(sd, 0.8)
    return {
        "crops": len(offset),
        "bodies": len(set(held_out.body.tolist())),
        "median_error_tl": round(float(np.nanmedian(error)), 5),
        "p95_error_t": round(float(np.nanquantile(error, 0.95)), 5),
        "median_error_surest_80_t": round(float(np.nanmedian(error[surest])), 5),
        "p95_error_surest_80_t": round(float(np.nanquantile(error[surest], 0.95)), 5),
        "inside_90": round(float(np.nanmean(np.where(np.isfinite(error), error <= Z90 * sd, np.nan))), 4),
    }


def export(net: BackNet, path: Path) -> None:
    """Write the network as ONNX."""
    path.parent.mkdir(parents=True, exist_ok=True)
    net = net.float().cpu()
    torch.onnx.export(
        net,
        (torch.zeros(1, 6, 96, 160),),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["crop"],
        output_names=["offset_t", "log_sd"],
    )


def main() -> int:
    """Command line."""
    root = Path(__file__).parents[3]
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.lab.training.train")
    parser.add_argument("--samples", type=Path, default=root / ".lab" / "training")
    parser.add_argument("--out", type=Path, default=root / "assets" / "models" / "back-contour.onnx")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=1)
    choice = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    cv2.setNumThreads(1)
    samples = load(choice.samples)
    is_held_out = samples.body >= BODIES - HELD_OUT
    seen, held_out = samples.part(~is_held_out), samples.part(is_held_out)
    print(f"{len(seen.crop)} crops to train on, {len(held_out.crop)} held out, on {device}", flush=True)
    net = train(seen, choice.seed, device, choice.epochs)
    factor = calibrate(net, held_out, device)
    report = {"trained_on": len(seen.crop), "doubt_factor": round(factor, 4), **describe(net, held_out, device)}
    export(net, choice.out)
    print(json.dumps(report, indent=1))
    choice.out.with_suffix(".json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
