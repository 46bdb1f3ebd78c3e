"""The ways a ballot comes in, and the proofs around it."""
