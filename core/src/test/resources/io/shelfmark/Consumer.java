import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.Step;
import io.shelfmark.storage.StorageException;
import java.nio.file.Path;

/** A host that has core on its class path and nothing else. */
public final class Consumer {

  public static void main(String[] args) {
    Parameter<Integer> size = Parameter.of("size", 3);
    Step<Integer> doubled =
        Step.named("doubled", Integer.class).input(size).run((context, n) -> 2 * n);
    Step<String> shown =
        Step.named("shown", String.class).input(doubled).run((context, n) -> "n = " + n);
    System.out.println(Pipeline.of("consumer", shown).graph().text());
    try {
      Workspace.open(Path.of(args[0])).close();
    } catch (StorageException e) {
      System.out.println(e.getMessage());
    }
  }
}
