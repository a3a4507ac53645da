"""Running seen from the side: rhythm, strides, the gait analyzer."""
