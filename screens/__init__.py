"""The screens: one module and one stylesheet each."""
