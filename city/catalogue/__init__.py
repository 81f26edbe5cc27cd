"""What editors add to the catalogues of back ends."""
