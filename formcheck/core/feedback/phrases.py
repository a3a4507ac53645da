"""What the coach says in every exercise. The exercise's own cues stand in its own file.

Keys are cue names: stable, greppable, and the names of the voice clips. Values are the English source texts,
3-8 words where a form cue is meant, positive and concrete.
"""

from __future__ import annotations

from formcheck.core.rules.exercise import Exercise
from formcheck.core.text import DOTTED, counted, listed, marked, phrase

SETUP = {
    "setup.start-pose": "Take the start position and hold still.",
    "setup.armed": "Good. Begin when you are ready.",
    "setup.paused": "Paused. Take the start position to go on.",
    "setup.times": "This is not at its real speed. I can't judge times.",
    "setup.paused-late": "Paused. The computer was too slow. Take the start position.",
    "setup.who-lying": "Who is exercising? Lie down, hold still.",
    "setup.who": "Who is exercising? Take the start position.",
    "setup.camera-lost": "The camera stopped. I am trying again.",
    "setup.camera-back": "The camera is back. Go on.",
    "setup.too-slow": "This computer is slow. Close other programs.",
    "setup.few-pictures": "The camera sends too few pictures. Turn on a light.",
    "setup.camera-missing": "I can't find a camera. Plug one in.",
}

PERSON_CHANGED = "person-changed"
"""Why a set pauses when somebody else is exercising."""

_PARTS = marked(
    {
        "head": "Head not in the picture.",
        "hands": "Hands not in the picture.",
        "knees": "Knees not in the picture.",
        "feet": "Feet not in the picture.",
    }
)
_REMEDIES = marked(
    {
        "headward": "Move toward your head.",
        "footward": "Move toward your feet.",
        "up": "Point the camera up.",
        "down": "Point the camera down.",
    }
)
_AND = "{what} {todo}"
"""What is wrong, and what to do: two sentences, each translated for itself."""

FRAMING = {
    "framing.dark": "Too dark. Turn on a light.",
    "framing.upside-down": "Your picture is upside down. Turn the camera.",
    "framing.sideways": "Picture lies on its side. Turn the camera.",
    "framing.backlit": "Bright light behind you. Close the curtain.",
    "framing.nobody": "Bring your head and feet into the picture.",
    "framing.crowd": "I see somebody else. One person, please.",
    "framing.close": "Too close. Move the camera further away.",
    "framing.far": "Too far. Bring the camera closer.",
    "framing.step-forward": "Part of you is missing. Step forward.",
    "framing.step-back": "Part of you is missing. Step back.",
    "framing.turn-head-in": "Bring your head closer to the camera.",
    "framing.turn-feet-in": "Bring your feet closer to the camera.",
    "framing.turn-in": "Turn a little toward the camera.",
    "framing.turn-out": "Turn a little away from the camera.",
    "framing.high": "Camera too high. Lower it.",
    "framing.level": "The camera is not straight. Turn it straight.",
    "framing.room-headward": "Your leg needs room. Move toward your head.",
    "framing.room-footward": "Your arm needs room. Move toward your feet.",
    "framing.blurred": "The picture is not clear. Clean the camera.",
    "framing.loose": "Your shirt is loose. Pull it tight.",
    "framing.mirrored": "Left and right are swapped. I fix it.",
    "framing.good": "Good. I can see all of you.",
    "framing.anyway": "I will judge only what I see.",
    **{
        f"framing.{p}-{r}": phrase(_AND, what=cut, todo=todo)
        for p, cut in _PARTS.items()
        for r, todo in _REMEDIES.items()
    },
}
"""How to set up, one instruction at a time; what to change is named from the body, lying or standing."""

UNSEEN = marked(
    {
        "body": "I can't see you. Step into the picture.",
        "head": "I can't see your head.",
        "shoulders": "I can't see your shoulders.",
        "arms": "I can't see your arms.",
        "hips": "I can't see your hips.",
        "knees": "I can't see your knees.",
        "feet": "I can't see your feet.",
        "back": "I can't see your low back.",
        "rate": "Too few pictures come to count.",
    }
)
"""By body part; on screen, and the beginning of what is said."""

ADVICE = marked(
    {
        "cut": "Move the camera back until all of you is in the picture.",
        "hidden": "Clear the view between you and the camera.",
        "arm-in-front": "Rest your near arm on your chest or overhead.",
        "oblique": "Turn side-on to the camera.",
        "small": "Move the camera closer.",
        "dark": "Turn on a light.",
        "blurred": "Clean the camera.",
        "outline-lost": "Wear a close-fitting shirt, and put the camera as low as your mat.",
        "noise": "Feel with your hand under your back.",
        "slow": "Turn on a light, close other programs, or record more pictures a second.",
    }
)
"""What to do about a part that can't be seen, by reason (of the back: `core.body.back.Unknown`); shown on screen."""

_SAID_REMEDIES = marked({"cut": "Move further away.", "hidden": "Clear the view."})
_BACK_REMEDIES = marked({
    "": "Move your near arm.",
    "-oblique": "Turn sideways.",
    "-small": "Camera closer, please.",
    "-dark": "More light, please.",
    "-blurred": "Clean the camera.",
    "-outline-lost": "Tighter shirt, lower camera.",
    "-noise": "Use your hand.",
})  # fmt: skip
"""By what follows `unseen.back` in the cue's name."""
UNSEEN_SAID = {
    "unseen.body": UNSEEN["body"],
    "unseen.rate": "Too few pictures come. I can't count now.",
    **{
        f"unseen.back{why}": phrase(
            _AND, what=marked("I can't judge your back." if why == "-noise" else "I can't see your back."), todo=remedy
        )
        for why, remedy in _BACK_REMEDIES.items()
    },
    **{
        f"unseen.{part}-{reason}": phrase(_AND, what=sentence, todo=remedy)
        for part, sentence in UNSEEN.items()
        if part not in ("body", "back", "rate")
        for reason, remedy in _SAID_REMEDIES.items()
    },
}
"""What is said when a part can't be seen: the part and the remedy, for somebody who lies and can't read the screen."""

NOT_JUDGED = {
    "rep.not-judged": "I could not judge that one.",
    "rep.not-judged-rate": "Too few pictures come to judge that.",
    "rep.not-judged-times": "I can't judge times here.",
    "rep.not-judged-back": "I could not judge your back.",
    **{f"rep.not-judged-back.{why[1:] or 'arm'}": phrase(_AND, what="I could not judge your back.", todo=remedy)
       for why, remedy in _BACK_REMEDIES.items()},
}  # fmt: skip
"""What is said of a repetition that counted and could not be judged: with the remedy where the reason is known."""

MINUTES = (*range(3, 13), 15, 20, 25, 30, 40, 50, 60)
"""Lengths of a session that can be announced."""

TIMES = (*range(2, 21), 24, 25, 30)
"""Repetitions that can be announced in a sentence; others are told by their number alone."""
HOLDS = (*range(2, 11), 12, 15, 20, 25, 30, 40, 45, 60)
"""Seconds of a hold that can be announced."""
READY = (10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120)
"""Seconds left of a rest that can be announced."""

FLOW = {
    "tally.clean": "clean.",
    "tally.faulty": "with a fault.",
    "tally.not-judged": "I could not judge.",
    "set.other-side": "Other leg, please.",
    "safety.hurt": "Stop. Rest until it is calm.",
    "session.done": "That was your session. Well done.",
    "session.pain": "How is your pain now, from zero to ten?",
    "session.effort": "How hard was that, from zero to ten?",
    "session.why": "Why do you stop? You need not say.",
    "session.end-set": "Shall I end this set?",
    "language.name": "English.",
    "listen.next": "Shall I leave this out?",
    "listen.again": "Shall I start this set again?",
    "memory.ask": "Shall I remember your sessions here?",
    "memory.ask-plain": "I can't lock them here. Keep them anyway?",
    "memory.trouble": "I can't save now. Nothing is lost yet.",
    "session.left": "Left side.",
    "session.right": "Right side.",
    "session.skipping": "Next exercise. Keep your hands up to stop.",
    "session.stopped": "Stopped. Rest as long as you like.",
    "session.work-on": "For next time.",
    "pain.rest-today": "That is a lot of pain. Rest today.",
    "pain.rising": "Your pain went up. Rest, and do less.",
    "pain.strong": "That is a lot of pain. Ask your clinic.",
    "progress.back": "Lately your back was good in",
    "progress.clean": "Lately so many were clean:",
    "progress.of": "of",
    "progress.earlier": "Earlier it was",
    "progress.unjudged": "Too little was judged to say more.",
    "progress.rested": "You rested when it hurt. That was right.",
    "progress.nothing": "Nothing is remembered yet.",
    **{f"session.minutes-{n}": phrase("This takes about {n} minutes.", n=n) for n in MINUTES},
    "dose.once": "Do this once.",
    **{f"dose.times-{n}": phrase("Do this {n} times.", n=n) for n in TIMES},
    "dose.in-turn": "Change sides each time.",
    "dose.each-side": "That many on each side.",
    "dose.hold-1": "Hold for one second each time.",
    **{f"dose.hold-{n}": phrase("Hold for {n} seconds each time.", n=n) for n in HOLDS},
    **{f"rest.ready-{n}": phrase("Ready in {n} seconds.", n=n) for n in READY},
}

KIOSK = {
    "kiosk.hello": "Hello. The camera sees how you move.",
    "kiosk.private": "No picture is kept, and nothing is sent.",
    "kiosk.agree": "Is that all right?",
    "kiosk.safety": "Read this first. Does one of these hold for you?",
    "kiosk.unfit": "Then ask your clinic first, please.",
    "kiosk.choose": "What do you want to do?",
    "kiosk.point": "Raise one arm high: left, straight up, or right.",
    "kiosk.code": "Type your code, or hold your slip before the camera.",
    "kiosk.code-wrong": "I do not know that code.",
    "kiosk.still-there": "Still there?",
    "kiosk.away": "I can't see you. I wait.",
    "kiosk.take-along": "Take your result with you. Hold your phone to the screen.",
}
"""What a kiosk in a clinic says beside the coach: to a stranger, who may go at any moment."""

SAFETY_ASK = marked(
    (
        "Trouble with bladder, bowels or sex, or numbness where you sit: that is urgent",
        "New or growing pain below the knee, weak legs, odd feelings in them, falls",
        "A fall or an accident lately, thin bones, long use of steroids, a recent operation",
        "Cancer in the past, weight loss without a reason, fever or night sweats, age over 70",
        "Pregnancy (no long lying on the back after week 16), a hip replacement, high blood pressure",
    )
)
"""Who asks a professional first (exercises.md, section 8)."""
SAFETY_STOP = marked(
    (
        "Sharp pain, or pain that rises",
        "Pain or tingling that spreads down a leg",
        "Numbness, dizziness, chest pain, or no breath",
    )
)
"""When to stop."""
HELP_NOTES = marked(
    (
        "Put the camera side-on to you, as low as your hip, 2.5 to 3 m away.",
        "Your whole body should be in the picture. Wear clothes that show your back.",
        "You need no keys while you exercise: FormCheck counts, times and pauses by itself.",
        "FormCheck shows how you move. It is not medical advice. Stop if anything hurts.",
    )
)

PAGES = {
    "page.menu": "Choose an exercise",
    "page.safety": "Before you start",
    "page.safety-ask": "Ask a professional first",
    **{f"page.safety-ask-{n}": text for n, text in enumerate(SAFETY_ASK, 1)},
    "page.safety-stop": "Stop at once",
    **{f"page.safety-stop-{n}": text for n, text in enumerate(SAFETY_STOP, 1)},
    **{f"page.help-{n}": text for n, text in enumerate(HELP_NOTES, 1)},
    "page.options": "Options",
    "page.large": "Large letters",
    "page.contrast": "High contrast",
    "page.captions": "Captions stay",
    "page.flash": "A light with each tick",
    "page.pace": "Ticks lead the pace",
    "page.gentle": "Gentle",
    "page.on": "On",
    "page.off": "Off",
    "page.cameras": "Which camera?",
    "page.camera-one": "There is one camera.",
    "page.camera-none": "No camera was found. Plug one in.",
    "page.camera-missing": "Opening the camera \N{HORIZONTAL ELLIPSIS}",
    "page.replay": "Watch again",
    "page.answer-yes": "Yes, remember",
    "page.answer-no": "No",
    "page.answer-stop": "Stop for today",
    "page.answer-go-on": "Go on",
    "page.answer-next": "Next exercise",
    "page.answer-end": "End the session",
    "page.answer-end-set": "End it",
    "page.answer-pain": "Pain",
    "page.answer-tired": "Too tired",
    "page.answer-time": "No time",
    "page.answer-other": "Other",
    "page.answer-keep": "Keep them anyway",
    "page.answer-keep-not": "Don't keep them",
    "page.no-faults": "No faults seen.",
}
"""What the pages show that is read aloud when somebody asks for it."""

NUMBERS = {n: str(n) for n in range(61)}
"""Said aloud: repetitions (`count.N`), seconds of a hold (`hold.N`) and answers share the clips `number.N`."""


def common_cues() -> dict[str, str]:
    """Every cue of this module by name, numbers aside."""
    return {**SETUP, **FRAMING, **UNSEEN_SAID, **NOT_JUDGED, **FLOW, **KIOSK, **PAGES}


def verdicts_text(clean: int, faulty: int, not_judged: int) -> str:
    """Repetitions by verdict, e.g. "4 clean · 1 with a fault · 2 I could not judge"; what is none is left out."""
    parts = (
        counted(clean, "{n} clean", "{n} clean"),
        counted(faulty, "{n} with a fault", "{n} with a fault"),
        counted(not_judged, "{n} I could not judge", "{n} I could not judge"),
    )
    return listed([part for part in parts if part.number], DOTTED, DOTTED)


def done_text(exercise: Exercise) -> str:
    """What is said when a set is done."""
    return phrase("{title}. This set is done.", title=exercise.title)


def exercise_cues(exercise: Exercise) -> dict[str, str]:
    """Every cue of one exercise by name: title, steps, faults, what can be done sitting, where to
    breathe, and that a set of it is done."""
    name = exercise.name
    cues = {f"{name}.title": phrase("{title}.", title=exercise.title), f"{name}.done": done_text(exercise)}
    cues |= {f"{name}.step-{n}": text for n, text in enumerate(exercise.steps, 1)}
    for rule in exercise.all_faults:
        told = {rule.name: rule.cue, f"{rule.name}-again": rule.again, f"{rule.name}-praise": rule.praise}
        cues |= {f"{name}.{key}": text for key, text in told.items() if text}
    if exercise.range_advice is not None:
        cues[f"{name}.shorter-reach"] = exercise.range_advice.cue
    if exercise.pace is not None and exercise.pace.turn_cue:
        cues[f"{name}.turn"] = exercise.pace.turn_cue
    return cues | ({f"{name}.seated": exercise.seated} if exercise.seated else {})


def reason_for(part: str, cut: tuple[str, ...] = (), back: str = "") -> str:
    """Why a part can't be seen: a name of `ADVICE`, or "" for the whole body.

    Args:
        part: a name of `UNSEEN`.
        cut: the parts that lie outside the picture.
        back: why the back's outline is unknown, if that is said.
    """
    if part == "body":
        return ""
    if part == "rate":
        return "slow"
    if part == "back":
        return back if back in ADVICE else NEAR_ARM
    return "cut" if part in cut else "hidden"


NEAR_ARM = "arm-in-front"
"""What hides a back most often, where nothing else is known."""


def advice_for(part: str, cut: tuple[str, ...] = (), back: str = "") -> str:
    """That a part can't be seen, and what to do, in plain words; the arguments are those of `reason_for`."""
    remedy = remedy_for(part, cut, back)
    return phrase(_AND, what=UNSEEN[part], todo=remedy) if remedy else UNSEEN[part]


def remedy_for(part: str, cut: tuple[str, ...] = (), back: str = "") -> str:
    """What to do about a part that can't be seen; empty where its sentence says so already."""
    return ADVICE.get(reason_for(part, cut, back), "")


def unseen_cue(part: str, reason: str) -> tuple[str, str]:
    """Name and text of what is said about a part that can't be seen."""
    name = f"unseen.{part}" if part in ("body", "rate") or reason == NEAR_ARM else f"unseen.{part}-{reason}"
    return name, UNSEEN_SAID[name]


def not_judged_cue(parts: tuple[str, ...], reason: str = "") -> tuple[str, str]:
    """Name and text of what is said of a repetition that could not be judged.

    Args:
        parts: the body parts that could not be judged.
        reason: why the back was not seen, a name of `ADVICE`; empty where it is not known or was told already.
    """
    clock = next((part for part in ("times", "rate") if part in parts), "")
    if clock:
        return f"rep.not-judged-{clock}", NOT_JUDGED[f"rep.not-judged-{clock}"]
    name = "rep.not-judged-back" if "back" in parts else "rep.not-judged"
    told = f"{name}.{'arm' if reason == NEAR_ARM else reason}"
    name = told if told in NOT_JUDGED else name
    return name, NOT_JUDGED[name]
