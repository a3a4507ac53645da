"""What is said, and when: phrases, cue policy, speech queue, fading."""
