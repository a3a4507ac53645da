"""The window loop on a clip, without a display or sound card, for some pictures. For the privacy tests."""

import sys

from formcheck.app.live import LiveOptions, LiveSet

from formcheck.camera import CameraThread, open_source
from formcheck.screen import Window
from formcheck.session.registry import load_exercises
from formcheck.voice import Voice

PICTURES = 12

if __name__ == "__main__":
    exercise = load_exercises().get("dead-bug")
    with Window() as window, CameraThread(open_source(sys.argv[1]), loop=True) as camera:
        voice = Voice.start(muted=False)
        live_set = LiveSet(exercise, camera, window, voice, LiveOptions(get_ready_s=0.0))
        live_set.run(until=lambda: live_set.figures.frames >= PICTURES)
        voice.close()
    print(f"{live_set.figures.frames} pictures")
