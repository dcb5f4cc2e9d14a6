"""What readers and programs are shown of sources."""
