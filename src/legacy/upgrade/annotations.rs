//! Comments for people who see HCL2 for the first time.
//!
//! Not needed by anything: `-with-annotations` asks for them (UPG-5).

/// Stands at the start of the file.
pub const FILE: &str = "\
# This file was made of a JSON template by \"packer hcl2_upgrade\". Read it before you rely on it.
#
# The order of blocks means nothing, and they need not stay in one file: all files of a folder whose names end
# in .pkr.hcl are one template, which \"packer build FOLDER\" builds. Variables, for example, are often found in a
# file variables.pkr.hcl.
#
# \"packer inspect FILE\" shows what a template is made of, \"packer validate FILE\" whether it is in order, and
# \"packer fmt FILE\" lays it out again after you have changed it.

# What stands in ${ } is HCL2, and known before a build starts. What stands in {{ }} is filled in by the component
# that uses it, while it runs. One cannot be used inside the other.
";

/// Stands before the `packer` block.
pub const PACKER: &str = "
# What the template needs: versions of Packer, and plugins, which \"packer init\" installs.
";

/// Stands before the variables.
pub const VARIABLES: &str = "
# What may be set from outside, with -var, -var-file or PKR_VAR_name. JSON templates know texts alone; HCL2 also
# has number, bool, list(…), map(…) and object({ … }), which you may write in place of string.";

/// Stands before the data sources of secrets.
pub const SECRETS: &str = "
# Secrets that are asked for when the template is evaluated, once for each name and key. Their values are
# data.amazon-secretsmanager.NAME.value.";

/// Stands before the data sources of images.
pub const IMAGES: &str = "
# Images that are looked up when the template is evaluated. Several sources may use the one that is found:
# data.amazon-ami.NAME.id.";

/// Stands before the local that takes the place of a function.
pub const TIMESTAMP: &str = "# The time at which the template is evaluated, in digits: where it said {{timestamp}}.\n";

/// Stands before the locals.
pub const LOCALS: &str = "
# Values that are computed of others. Unlike variables they may use variables, functions and data sources, and
# nobody can set them from outside.";

/// Stands before the sources.
pub const SOURCES: &str = "
# Sources say how machines are made. A source by itself does nothing; builds use it, by its type and name.";

/// Stands before the build.
pub const BUILD: &str = "
# A build makes a machine of each of its sources, provisions it, and post-processes what comes out.
";
