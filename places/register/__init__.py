"""The register of households: its import, the codes on their cards, and how they are issued."""
