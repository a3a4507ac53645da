"""Build the pose bundles `pose_landmarker_{lite,full}.task` from the npm package `@mediapipe/pose`.

Run once, by a maintainer, from the repository root:

    npm pack @mediapipe/pose@0.5.1675469404 && tar xzf mediapipe-pose-*.tgz
    python assets/models/build.py package

The raw models of that package lack the TensorFlow Lite metadata that the Tasks API demands
("requires specifying NormalizationOptions metadata"). This script adds it and zips detector and
landmark model, *stored*, under the names that the Tasks API looks for. The landmarks that come out
are those of Google's own bundle, to the pixel. Everything is checked against known SHA-256 sums.
"""

import hashlib
import sys
import zipfile
from pathlib import Path

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_fb
from mediapipe.tasks.metadata import schema_py_generated as tflite_fb

DETECTOR = ("pose_solution_packed_assets.data", "pose_detector.tflite")
LANDMARKS = ("pose_landmark_{kind}.tflite", "pose_landmarks_detector.tflite")
SHA256 = {
    "pose_solution_packed_assets.data": "a63c614b",
    "pose_landmark_full.tflite": "e9a5c5cb",
    "pose_landmark_lite.tflite": "f17bfbec",
    "pose_landmark_heavy.tflite": "59e42d71",
}
"""First 8 hex digits of the files' SHA-256; a different file is refused."""

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""A fixed date, so that the same input gives the same bundle to the byte."""


def read_checked(path: Path) -> bytes:
    """The file's bytes; exits with a sentence when it is not the file that was vetted."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if not digest.startswith(SHA256[path.name]):
        sys.exit(f"{path.name} is not the vetted file (SHA-256 {digest}). Use @mediapipe/pose 0.5.1675469404.")
    return data


def image_input(mean: float, std: float) -> metadata_fb.TensorMetadataT:
    """Metadata of an RGB input tensor that is normalised as (x - mean) / std, x in 0..255."""
    options = metadata_fb.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = metadata_fb.ProcessUnitT()
    unit.optionsType, unit.options = metadata_fb.ProcessUnitOptions.NormalizationOptions, options
    image = metadata_fb.ImagePropertiesT()
    image.colorSpace = metadata_fb.ColorSpaceType.RGB
    content = metadata_fb.ContentT()
    content.contentPropertiesType = metadata_fb.ContentProperties.ImageProperties
    content.contentProperties = image
    tensor = metadata_fb.TensorMetadataT()
    tensor.name, tensor.processUnits, tensor.content = "image", [unit], content
    return tensor


def with_metadata(model_bytes: bytes, mean: float, std: float, outputs: int) -> bytes:
    """The TensorFlow Lite model with input normalisation and `outputs` named outputs attached."""
    graph = metadata_fb.SubGraphMetadataT()
    graph.inputTensorMetadata = [image_input(mean, std)]
    graph.outputTensorMetadata = []
    for index in range(outputs):
        tensor = metadata_fb.TensorMetadataT()
        tensor.name = f"output_{index}"
        graph.outputTensorMetadata.append(tensor)
    root = metadata_fb.ModelMetadataT()
    root.name, root.subgraphMetadata = "pose", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")

    model = tflite_fb.ModelT.InitFromObj(tflite_fb.Model.GetRootAsModel(bytearray(model_bytes), 0))
    buffer = tflite_fb.BufferT()
    buffer.data = list(builder.Output())
    model.buffers.append(buffer)
    entry = tflite_fb.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = [m for m in (model.metadata or []) if m.name != b"TFLITE_METADATA"] + [entry]
    out = flatbuffers.Builder(len(model_bytes) + 4096)
    out.Finish(model.Pack(out), b"TFL3")
    return bytes(out.Output())


def build(package: Path, kind: str, target: Path) -> None:
    """Write the bundle of one kind (`lite`, `full`, `heavy`) to `target`."""
    detector = with_metadata(read_checked(package / DETECTOR[0]), 127.5, 127.5, 2)
    landmarks = with_metadata(read_checked(package / LANDMARKS[0].format(kind=kind)), 0.0, 255.0, 5)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        bundle.writestr(zipfile.ZipInfo(DETECTOR[1], ZIP_DATE), detector)
        bundle.writestr(zipfile.ZipInfo(LANDMARKS[1], ZIP_DATE), landmarks)
    print(f"{target.name}: {target.stat().st_size} bytes, SHA-256 {hashlib.sha256(target.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for model in ("lite", "full"):
        build(Path(sys.argv[1]), model, Path(__file__).parent / f"pose_landmarker_{model}.task")
