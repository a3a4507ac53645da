"""The network that reads the back's outline: for each station a distribution over depths, hence place and doubt."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from formcheck.core.body.back import STATIONS
from formcheck.pose.crop import CHANNELS, HEIGHT, LEFT_TL, PX_PER_TL, TOP_TL, WIDTH

STRIDE = 2
"""Crop pixels a cell of the answer: 8 mm; places between cells come from the distribution's mean."""
ROWS, COLUMNS = HEIGHT // STRIDE, WIDTH // STRIDE
WIDTHS = (12, 24, 48, 64)
"""Feature maps at a half, a quarter, an eighth and a sixteenth of the crop's size."""


def conv(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    """A 3x3 convolution with its normalisation."""
    layer = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outside), nn.ReLU(inplace=True))


class BackNet(nn.Module):
    """Crop in, outline out.

    Input: (batch, 6, 96, 160) 0..255. Output: (batch, 17) offsets and (batch, 17) log standard deviations, both of
    torso lengths. About 100 million multiplications.
    """

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = WIDTHS
        self.one = conv(len(CHANNELS), a, 2)
        self.two = nn.Sequential(conv(a, b, 2), conv(b, b))
        self.three = nn.Sequential(conv(b, c, 2), conv(c, c), conv(c, c))
        self.four = nn.Sequential(conv(c, d, 2), conv(d, d), conv(d, d))
        self.up_three, self.up_two, self.up_one = conv(c + d, c), conv(b + c, b), conv(a + b, a)
        self.edge = nn.Conv2d(a, 1, 1)
        self.doubt = nn.Conv1d(c + 3, 32, 3, padding=1)
        self.doubt_out = nn.Conv1d(32, 1, 1)
        self.grow = nn.Upsample(scale_factor=2, mode="nearest")
        self.register_buffer("pick", station_weights(COLUMNS, STRIDE))
        self.register_buffer("pick_coarse", station_weights(COLUMNS // 4, STRIDE * 4))
        depth = ((torch.arange(ROWS, dtype=torch.float32) + 0.5) * STRIDE) / PX_PER_TL - TOP_TL
        self.register_buffer("depth_tl", depth)

    def forward(self, crop: Tensor) -> tuple[Tensor, Tensor]:
        """Offsets and log standard deviations."""
        offset, log_sd, _ = self.read(crop)
        return offset, log_sd

    def read(self, crop: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same, and (batch, 48, 17) the logits over depths."""
        one = self.one(crop / 127.5 - 1.0)
        two = self.two(one)
        three = self.three(two)
        back = self.up_three(torch.cat([three, self.grow(self.four(three))], 1))
        fine = self.up_two(torch.cat([two, self.grow(back)], 1))
        fine = self.up_one(torch.cat([one, self.grow(fine)], 1))
        logits = self.edge(fine)[:, 0] @ self.pick
        share = torch.softmax(logits, 1)
        offset = (share * self.depth_tl[:, None]).sum(1)
        spread = torch.sqrt((share * (self.depth_tl[:, None] - offset[:, None]) ** 2).sum(1) + 1e-6)
        features = [
            back.mean(2) @ self.pick_coarse,
            torch.log(spread)[:, None],
            torch.log(share.amax(1) + 1e-6)[:, None],
            offset[:, None],
        ]
        log_sd = self.doubt_out(torch.relu(self.doubt(torch.cat(features, 1))))[:, 0]
        return offset, (log_sd - 4.0).clamp(-7.0, 0.0), logits


def station_weights(columns: int, stride: int) -> Tensor:
    """(columns, 17) how much each column of the answer counts at each station; linear between columns."""
    at = (torch.tensor(STATIONS) + LEFT_TL) * PX_PER_TL / stride - 0.5
    away = (torch.arange(columns, dtype=torch.float32)[:, None] - at[None]).abs()
    weights = (1.0 - away).clamp(min=0.0)
    return weights / weights.sum(0, keepdim=True)
