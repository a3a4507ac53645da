"""The set-up of camera and place, and the hands-free sign."""
