"""What every station with an HTTP face shares: who asks, how much may be sent, how refusals read, how it is served."""
