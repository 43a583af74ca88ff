package io.shelfmark.internal.dvc;

/** Where objects lie in a remote. */
enum DvcLayout {
  /** DVC 2: {@code ab/cdef…}. Text may be hashed with its line ends changed to LF. */
  TWO(""),
  /** DVC 3: {@code files/md5/ab/cdef…}. */
  THREE("files/md5/");

  /** What the names of objects that list a folder end in. */
  static final String DIR = ".dir";

  private final String prefix;

  DvcLayout(String prefix) {
    this.prefix = prefix;
  }

  /** The key of a file's object. */
  String file(Md5 md5) {
    return prefix + md5.hex().substring(0, 2) + "/" + md5.hex().substring(2);
  }

  /** The key of the object that lists a folder. */
  String folder(Md5 md5) {
    return file(md5) + DIR;
  }
}
