"""Read a WordPress export and turn its content into Copydesk's body blocks: values in, values out."""
