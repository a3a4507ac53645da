"""The clinic kiosk: a screen beside a mat that strangers use and nobody maintains. Policy on top of the app."""
