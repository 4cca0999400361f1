"""The ways to hand an inbox over, one module each; all of them go through ``deliverer.handler``."""
